"""The sending end of one process: it numbers messages in the order in which it writes them."""

import math
import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from redis import Redis, RedisError

from messaging.connection import REFUSED, connect, explain
from messaging.message import OURS, Message
from messaging.sending.answers import Answer, PartlyRefusedError, Send
from messaging.sending.turn import Turn

# Whoever finds another one waiting for Redis that long gives up: with the time to connect and to
# get a reply, a click is answered within 2 s.
STUCK_AFTER = 0.3  # second


class Unknown:
    """In place of an answer: the reply was lost, so nobody knows what Redis did."""


# Is called after each send, with the pattern's name, the messages, and what became of them.
OnSent = Callable[[str, list[Message], Answer | Unknown], None]


class NotSentError(Exception):
    """Nothing was sent; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages that one sender handed to Redis in one write: numbers `first` to `last`."""

    sender: str
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    def numbers(self) -> dict[str, str | int]:
        """As JSON tells them."""
        return {"count": self.count, "from": self.sender, "first": self.first, "last": self.last}


class UnknownError(Exception):
    """Redis may have taken all of the messages in `sent`, some of them, or none."""

    def __init__(self, sent: Sent, cause: RedisError) -> None:
        super().__init__(explain(cause))
        self.sent = sent


Measure = Callable[[Redis], int]  # asks Redis how many messages wait


class Sender:
    """Sends for all links and all threads of a process, one send after the other.

    Whichever thread has the turn uses the connection and the counters; nobody else does.
    """

    def __init__(self, on_sent: OnSent = lambda *_: None) -> None:
        """Raises ValueError for a REDIS_URL that is none."""
        self._on_sent = on_sent
        self._redis = connect(connections=1)
        self._turn = Turn()
        self._turn_since = 0.0
        self._waiting: Counter[str] = Counter()  # messages by pattern, as Redis last answered
        self.start_numbering()

    def send(
        self,
        pattern: str,
        send: Send,
        bodies: Sequence[str],
        length: Measure,
        limit: float = math.inf,
    ) -> tuple[Sent, Answer]:
        """Send one message a body, by a pattern's sending function.

        A send is refused as a whole where more than `limit` messages would wait then; `length` asks
        Redis how many do. Raises NotSentError or UnknownError.
        """
        while not self._turn.take(STUCK_AFTER):
            if time.monotonic() - self._turn_since > STUCK_AFTER:
                raise NotSentError("Another message waits for Redis, which does not answer.")
        try:
            self._turn_since = time.monotonic()
            self._connect()
            self._find_room(pattern, len(bodies), length, limit)
            return self._send(pattern, send, bodies)
        finally:
            self._turn.give()

    def start_numbering(self) -> None:
        """Take a new name, under which the numbers begin at 1."""
        self._name = f"{OURS}{os.getpid()}-{secrets.token_hex(3)}"
        self._last: Counter[str] = Counter()

    def _connect(self) -> None:
        """Connect before anything is sent: what fails here was certainly not sent."""
        pool = self._redis.connection_pool
        try:
            pool.release(pool.get_connection())
        except RedisError as error:
            raise NotSentError(explain(error)) from error

    def _find_room(self, pattern: str, count: int, length: Measure, limit: float) -> None:
        """Ask for the length only where, as Redis last told it, the limit would be exceeded.

        Other processes send as well, so each of them may exceed the limit by one send.
        """
        if self._waiting[pattern] + count <= limit:
            return
        try:
            waiting = self._waiting[pattern] = length(self._redis)
        except RedisError as error:
            raise NotSentError(explain(error)) from error
        if waiting + count > limit:
            raise NotSentError(
                f"The queue holds {waiting:,} of at most {limit:,} messages: "
                f"{count:,} more would be too many."
            )

    def _send(self, pattern: str, send: Send, bodies: Sequence[str]) -> tuple[Sent, Answer]:
        first, now = self._last[pattern] + 1, time.time()
        sent = Sent(self._name, first, self._last[pattern] + len(bodies))
        messages = [Message(body, self._name, seq, now) for seq, body in enumerate(bodies, first)]
        try:
            answer = send(self._redis, [message.encode() for message in messages])
        except BaseException as error:
            if isinstance(error, REFUSED) and not isinstance(error, PartlyRefusedError):
                raise NotSentError(explain(error)) from error  # its numbers are given again
            # Numbers that may never have been sent must not look like missed ones to a listener.
            self.start_numbering()
            self._on_sent(pattern, messages, Unknown())
            if isinstance(error, RedisError):
                raise UnknownError(sent, error) from error
            raise
        self._last[pattern] = sent.last
        self._waiting[pattern] = answer.waiting
        self._on_sent(pattern, messages, answer)
        return sent, answer
