"""The sending end of one process: it numbers messages in the order in which it writes them."""

import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from redis import Redis, RedisError

from messaging.connection import REFUSED, connect, explain
from messaging.message import OURS, Message
from messaging.turn import Turn

# Whoever finds another one waiting for Redis that long gives up: with the time to connect and to
# get a reply, a click is answered within 2 s.
STUCK_AFTER = 0.3  # second

Said = int | list[int]  # what Redis said: a queue's length, or listeners reached by each message
Write = Callable[[Redis, list[bytes]], Said]
# Who counts is told of the pattern, the messages, and what Redis said; None: its reply was lost.
Tell = Callable[[str, list[Message], Said | None], None]


class NotSentError(Exception):
    """Nothing was sent, and a sentence why."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages handed to Redis in one write: `count` of them, from one sender, first to last."""

    sender: str
    first: int
    last: int
    said: Said | None  # None: the reply was lost, nobody knows whether they were stored

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    def numbers(self) -> dict[str, str | int]:
        """As JSON tells them."""
        return {"count": self.count, "from": self.sender, "first": self.first, "last": self.last}


class UnknownError(Exception):
    """The reply was lost: `sent` may have been carried out, wholly or in part, or not at all."""

    def __init__(self, sent: Sent, cause: RedisError) -> None:
        super().__init__(explain(cause))
        self.sent = sent


class Sender:
    """Sends for all links and all threads of a process, one after the other."""

    def __init__(self, queue_limit: int, tell: Tell = lambda *_: None) -> None:
        """Raises ValueError for a REDIS_URL that is none."""
        self._tell = tell
        self._redis = connect(connections=1)
        self._limit = queue_limit
        self._turn = Turn()
        self._turn_since = 0.0
        self._lengths: Counter[str] = Counter()  # of the queues, as last answered
        self._begin()

    def send(
        self,
        pattern: str,
        write: Write,
        bodies: Sequence[str],
        length: Callable[[Redis], int] | None = None,
    ) -> Sent:
        """Write one message a body, all or none of them when `length` tells a queue's.

        Raises NotSentError or UnknownError.
        """
        while not self._turn.take(STUCK_AFTER):
            if time.monotonic() - self._turn_since > STUCK_AFTER:
                raise NotSentError("Another message waits for Redis, which does not answer.")
        try:
            self._turn_since = time.monotonic()
            self._reach()
            if length:
                self._find_room(pattern, len(bodies), length)
            return self._write(pattern, write, bodies)
        finally:
            self._turn.give()

    def _begin(self) -> None:
        """Become a sender of a new name, whose numbers begin at 1."""
        self._name = f"{OURS}{os.getpid()}-{secrets.token_hex(3)}"
        self._last: Counter[str] = Counter()

    def _reach(self) -> None:
        """Have a connection now: what fails afterwards may have left, what fails here has not."""
        pool = self._redis.connection_pool
        try:
            pool.release(pool.get_connection())
        except RedisError as error:
            raise NotSentError(explain(error)) from error

    def _find_room(self, pattern: str, count: int, length: Callable[[Redis], int]) -> None:
        """Ask for the queue's length only while it was too long when Redis last told it.

        Other processes push as well, so each of them may exceed the limit by one send.
        """
        if self._lengths[pattern] + count <= self._limit:
            return
        try:
            self._lengths[pattern] = length(self._redis)
        except RedisError as error:
            raise NotSentError(explain(error)) from error
        if self._lengths[pattern] + count > self._limit:
            raise NotSentError(
                f"The queue holds {self._lengths[pattern]:,} of at most {self._limit:,} messages: "
                f"{count:,} more would be too many."
            )

    def _write(self, pattern: str, write: Write, bodies: Sequence[str]) -> Sent:
        first, now = self._last[pattern] + 1, time.time()
        sent = Sent(self._name, first, self._last[pattern] + len(bodies), said=None)
        messages = [Message(body, self._name, seq, now) for seq, body in enumerate(bodies, first)]
        try:
            said = write(self._redis, [message.encode() for message in messages])
        except REFUSED as error:  # the numbers are free again
            raise NotSentError(explain(error)) from error
        except BaseException as error:
            self._begin()  # numbers that may never have been sent must not look like missed ones
            self._tell(pattern, messages, None)
            if isinstance(error, RedisError):
                raise UnknownError(sent, error) from error
            raise
        self._last[pattern] = sent.last
        self._tell(pattern, messages, said)
        if isinstance(said, int):
            self._lengths[pattern] = said
        return replace(sent, said=said)
