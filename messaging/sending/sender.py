"""The sender of a process, which numbers messages in the order in which it writes them."""

import math
import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence

from redis import Redis, RedisError, exceptions

from messaging.connection import REFUSED, connect, explain
from messaging.message import OURS, Message, Span
from messaging.sending.answers import Answer, PartlyRefusedError, Send
from messaging.sending.turn import Turn

# A thread that has waited so long for its turn gives up if the thread before it is stuck. So a
# click is answered in about 2 s when Redis is silent, and none is refused when it pauses briefly.
PATIENCE = 1.0  # second
STUCK_AFTER = 0.5  # second that the thread before it has waited for Redis
SILENT = "Another message waits for Redis, which does not answer."


class OutcomeUnknown:
    """Stands for the answer when the reply was lost, so nobody knows what Redis did."""


Outcome = Answer | OutcomeUnknown
# Called after each send with the pattern's name, the messages, and the outcome.
OnSent = Callable[[str, list[Message], Outcome], None]


class NotSentError(Exception):
    """Nothing was sent; the text is a sentence that says why."""


class Sent(Span):
    """The messages that one sender sent in one write."""

    def numbers(self) -> dict[str, str | int]:
        return {"count": self.count, "from": self.sender, "first": self.first, "last": self.last}


class OutcomeUnknownError(Exception):
    """The reply was lost: Redis took all of the messages in `sent`, some of them, or none."""

    def __init__(self, sent: Sent, cause: RedisError) -> None:
        super().__init__(explain(cause))
        self.sent = sent


Measure = Callable[[Redis], int]  # returns how many messages wait in Redis


class Sender:
    """Sends for all patterns and threads of a process, one send at a time.

    Only the thread that has the turn uses the connection and the counters.
    """

    def __init__(self, on_sent: OnSent = lambda *_: None) -> None:
        self._on_sent = on_sent
        self._redis = connect(connections=1)
        self._turn = Turn()
        self._asking_since = 0.0  # this and the next are times of time.monotonic()
        self._silent_at = -math.inf  # when a thread last waited in vain for a reply
        self._waiting: Counter[str] = Counter()  # messages by pattern, as Redis last answered
        self.take_new_name()

    def send(
        self,
        pattern: str,
        send: Send,
        bodies: Sequence[str],
        length: Measure,
        limit: float = math.inf,
    ) -> tuple[Sent, Answer]:
        """Send one message for each body; `send` is the sending function of the pattern.

        A send is refused as a whole if more than `limit` messages would wait; `length` asks Redis
        how many wait now. Raises NotSentError or OutcomeUnknownError.
        """
        asked = time.monotonic()
        while not self._turn.take(PATIENCE):
            if time.monotonic() - self._asking_since > STUCK_AFTER:
                raise NotSentError(SILENT)
        try:
            self._asking_since = time.monotonic()
            if self._silent_at > asked:  # it would only find out the same, a second later
                raise NotSentError(SILENT)
            self._find_room(pattern, len(bodies), length, limit)
            return self._send(pattern, send, bodies)
        except (NotSentError, OutcomeUnknownError) as error:
            if isinstance(error.__cause__, exceptions.TimeoutError):
                self._silent_at = time.monotonic()
            raise
        finally:
            self._turn.give()

    def take_new_name(self) -> None:
        """Take a new name, whose numbers begin at 1."""
        self._name = f"{OURS}{os.getpid()}-{secrets.token_hex(3)}"
        self._last: Counter[str] = Counter()

    def _find_room(self, pattern: str, count: int, length: Measure, limit: float) -> None:
        """Refuse a send when Redis is away, and a send beyond the limit.

        Other processes send as well, so each of them can exceed the limit by one send.
        """
        pool = self._redis.connection_pool
        try:
            pool.release(pool.get_connection())  # connects: after an error here nothing was sent
            if self._waiting[pattern] + count <= limit:  # Redis need not be asked
                return
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
        lines = [message.encode() for message in messages]
        self._asking_since = time.monotonic()  # to encode 10,000 messages takes a while
        try:
            answer = send(self._redis, lines)
        except BaseException as error:
            if isinstance(error, REFUSED) and not isinstance(error, PartlyRefusedError):
                raise NotSentError(explain(error)) from error  # the next send reuses its numbers
            # Listeners would count numbers that were never sent as missed, so they begin anew.
            self.take_new_name()
            self._on_sent(pattern, messages, OutcomeUnknown())
            if isinstance(error, RedisError):
                raise OutcomeUnknownError(sent, error) from error
            raise
        self._last[pattern] = sent.last
        self._waiting[pattern] = answer.waiting
        self._on_sent(pattern, messages, answer)
        return sent, answer
