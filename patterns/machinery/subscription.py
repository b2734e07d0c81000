"""A subscription that can be stopped and that detects a silent connection."""

import math
import time
from typing import Any

from redis import Redis
from redis.client import PubSub
from redis.exceptions import ConnectionError as ConnectionLostError

from messaging.connection import REPLY_WITHIN
from messaging.receiving.stopping import Stopping

READ_TIMEOUT = 0.2  # second to wait for a message before checking the stop flag and the ping
PING_INTERVAL = 1.0  # second without a message between two pings
UNANSWERED_PINGS = 3  # pings after which the connection counts as lost
HANDLE_FOR = 0.8  # seconds after a stop in which messages are still handled
COUNT_FOR = 0.4  # seconds after these in which messages are only counted


class Subscription(PubSub):
    """A subscription whose `listen()` yields messages until the listener is stopped.

    redis-py's `listen()` calls `parse_response` for each message and would wait in it for ever.
    Here it waits for one tick at a time. Only the thread that listens uses the connection, because
    TLS allows no other.

    While nothing comes, Redis is pinged each second. Unanswered pings are counted instead of timed,
    because a frozen process sends none and must still read what came meanwhile. TCP keepalive
    cannot detect a proxy that keeps acknowledging while Redis is gone.

    When the listener is stopped:

        at once  UNSUBSCRIBE is sent. `listen()` still yields what Redis sent before its
                 confirmation, and then ends.
        0.8 s    `is_overdue()` is true: from now on messages are counted and not handled.
        + 0.4 s  The connection is closed if no confirmation has come. `was_cut_short` is true,
                 because not every message was counted, and `listen()` ends.
    """

    def __init__(self, redis: Redis, stopping: Stopping) -> None:
        super().__init__(redis.connection_pool)
        self.was_cut_short = False
        self._stopping = stopping
        self._is_unsubscribing = False
        self._close_at = math.inf  # by the steady clock
        self._quiet_ticks = 0  # since the last message, answer or ping
        self._unanswered = 0  # pings

    def is_overdue(self) -> bool:
        """Return whether the time to handle messages after a stop is over."""
        return self._stopping.is_set_for(HANDLE_FOR)

    def parse_response(self, block: bool = True, timeout: float = 0) -> Any:
        """Wait one tick for a response; return None if none came, or only a pong."""
        if self._stopping.is_set():
            self._unsubscribe_once()
            if self._is_time_over():
                return self._cut_short()
        if self.connection and not self.connection.can_read(READ_TIMEOUT):
            self._ping_when_due()
            return None
        self._quiet_ticks = self._unanswered = 0
        response = super().parse_response(block=False, timeout=REPLY_WITHIN)  # type: ignore[no-untyped-call]
        return None if response is None or response[0] == b"pong" else response

    def _ping_when_due(self) -> None:
        self._quiet_ticks += 1
        if self._quiet_ticks * READ_TIMEOUT < PING_INTERVAL:
            return
        if self._unanswered == UNANSWERED_PINGS:
            raise ConnectionLostError(f"no answer to {UNANSWERED_PINGS} pings")
        self._quiet_ticks = 0
        self._unanswered += 1
        self.ping()

    def _unsubscribe_once(self) -> None:
        if not self._is_unsubscribing:
            self._is_unsubscribing = True
            self.unsubscribe()  # type: ignore[no-untyped-call]

    def _is_time_over(self) -> bool:
        """Return whether the time to count messages is over; it begins after the last handling."""
        if self.is_overdue():
            self._close_at = min(self._close_at, time.monotonic() + COUNT_FOR)
        return time.monotonic() >= self._close_at

    def _cut_short(self) -> list[Any]:
        """Close the connection; return a made-up confirmation, which ends `listen()`."""
        self.was_cut_short = True
        if self.connection:
            self.connection.disconnect()
        (channel,) = self.channels
        return [b"unsubscribe", channel, 0]
