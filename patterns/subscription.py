"""A subscription that can be stopped, and that notices when its connection has gone silent."""

import math
import time
from typing import Any, Self

from redis import Redis
from redis.client import PubSub
from redis.exceptions import ConnectionError as ConnectionLostError

from messaging.connection import REPLY_WITHIN
from messaging.receiving.stopping import Stopping

TICK = 0.2  # second that it waits for a message before it looks at what else is due
PING_EVERY = 1.0  # second without a message between two pings
UNANSWERED = 3  # pings, after which the connection counts as lost
HANDLE_FOR = 0.8  # seconds in which a subscriber still handles what was already sent to it
COUNT_FOR = 0.4  # seconds after these in which it counts what it leaves behind


class Subscription(PubSub):
    """`listen()` hands out what is published, until the listener is stopped.

    redis-py's `listen()` calls `parse_response` for each message and would wait in it for ever.
    Here it waits for a tick at a time. All happens in the thread that listens: no other thread ever
    touches the connection, which over TLS none may.

    While nothing comes, Redis is pinged each second. Pings without an answer are counted, not
    timed: a process that was frozen has not pinged, and finds what it was sent meanwhile. TCP
    keepalive alone cannot detect a proxy that keeps acknowledging while Redis is gone.

    When the listener is stopped:

        at once  UNSUBSCRIBE is sent. What Redis sent before it is still handed out; then its
                 confirmation ends `listen()`.
        0.8 s    `is_overdue()`: from now on what is handed out is to be counted, not handled.
        + 0.4 s  The connection is closed, for Redis is silent or has sent too much, and
                 `was_cut_short` says that not all was counted. `listen()` ends.
    """

    def __init__(self, redis: Redis, stopping: Stopping) -> None:
        super().__init__(redis.connection_pool)
        self.was_cut_short = False
        self._stopping = stopping
        self._is_unsubscribing = False
        self._close_at = math.inf  # by the steady clock
        self._quiet_ticks = 0  # since the last message, answer or ping
        self._unanswered = 0  # pings

    def __enter__(self) -> Self:
        return self

    def is_overdue(self) -> bool:
        """Whether the time to handle what was already sent to us is over."""
        return self._stopping.is_set_for(HANDLE_FOR)

    def parse_response(self, block: bool = True, timeout: float = 0) -> Any:
        """Wait a tick for what comes next; None where nothing came that is of interest."""
        if self._stopping.is_set():
            self._unsubscribe_once()
            if self._is_time_over():
                return self._cut_short()
        if self.connection and not self.connection.can_read(TICK):
            self._ping_when_due()
            return None
        self._quiet_ticks = self._unanswered = 0
        response = super().parse_response(block=False, timeout=REPLY_WITHIN)  # type: ignore[no-untyped-call]
        return None if response[0] == b"pong" else response

    def _ping_when_due(self) -> None:
        self._quiet_ticks += 1
        if self._quiet_ticks * TICK < PING_EVERY:
            return
        if self._unanswered == UNANSWERED:
            raise ConnectionLostError(f"no answer to {UNANSWERED} pings")
        self._quiet_ticks = 0
        self._unanswered += 1
        self.ping()

    def _unsubscribe_once(self) -> None:
        if not self._is_unsubscribing:
            self._is_unsubscribing = True
            self.unsubscribe()  # type: ignore[no-untyped-call]

    def _is_time_over(self) -> bool:
        """Whether what is left behind was counted for long enough, after the last was handled."""
        if self.is_overdue():
            self._close_at = min(self._close_at, time.monotonic() + COUNT_FOR)
        return time.monotonic() >= self._close_at

    def _cut_short(self) -> list[Any]:
        """Close the connection; return the confirmation that will not come, which ends listen()."""
        self.was_cut_short = True
        if self.connection:
            self.connection.disconnect()
        (channel,) = self.channels
        return [b"unsubscribe", channel, 0]
