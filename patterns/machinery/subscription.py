"""A subscription that can be stopped and that detects a silent connection."""

import math
import time
from typing import Any

from redis import Redis
from redis.client import PubSub
from redis.exceptions import ConnectionError as ConnectionLostError
from redis.exceptions import ResponseError

from messaging.connection import REPLY_WITHIN
from messaging.receiving.stopping import Stopping

TICK = 0.2  # seconds to wait for a message before checking the stop flag and the silence
PING_INTERVAL = 1.0  # second of silence between two pings
LOST_AFTER = 4.0  # seconds of silence, three pings included, until the connection counts as lost
SLOW_AFTER = 1.0  # second of reading without a pause, after which a subscriber counts as slow
TOO_SLOW = (
    "closed while this listener was %.0f s behind, as a server does that holds too much for a "
    "subscriber (client-output-buffer-limit)"
)
HANDLE_FOR = 0.8  # seconds after a stop in which messages are still handled
COUNT_FOR = 0.4  # seconds after these in which messages are only counted


class Subscription(PubSub):
    """A subscription whose `listen()` yields messages until the listener is stopped.

    redis-py's `listen()` calls `parse_response` for each message and would wait in it for ever.
    Here it waits for one tick at a time. Only the thread that listens uses the connection, because
    TLS allows no other.

    While nothing comes, Redis is pinged each second. Silence is counted in ticks instead of timed,
    because a frozen process must still read what came meanwhile. TCP keepalive cannot detect a
    proxy that keeps acknowledging while Redis is gone. An error is an answer to a ping as well:
    Redis refuses PING while its disk is full, and still delivers.

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
        self._close_at = math.inf  # by the monotonic clock
        self._silent_ticks = 0  # since the last message or answer
        self._pings = 0  # that were not answered yet
        # When there was nothing to read, and when a message came, for the last time.
        self._caught_up = self._read_at = time.monotonic()

    def is_overdue(self) -> bool:
        """Return whether the time to handle messages after a stop is over."""
        return self._stopping.is_set_for(HANDLE_FOR)

    def parse_response(self, block: bool = True, timeout: float = 0) -> Any:
        """Wait one tick for a response; return None if none came, or only a pong."""
        if self._stopping.is_set():
            if not self.pending_unsubscribe_channels:
                self.unsubscribe()  # type: ignore[no-untyped-call]
            if self.is_overdue():  # the time to count begins after the last handling
                self._close_at = min(self._close_at, time.monotonic() + COUNT_FOR)
            if time.monotonic() >= self._close_at:
                return self._cut_short()
        if self.connection and not self.connection.can_read(TICK):
            self._caught_up = time.monotonic()
            self._ping_when_due()
            return None
        self._silent_ticks = 0
        try:
            response = super().parse_response(block=False, timeout=REPLY_WITHIN)  # type: ignore[no-untyped-call]
        except ConnectionLostError as error:
            # Not until now: who worked on its only message until now was not slow.
            behind = self._read_at - self._caught_up
            if behind > SLOW_AFTER:
                raise ConnectionLostError(TOO_SLOW % behind) from error
            raise
        except ResponseError:
            if not self._pings:  # it answers SUBSCRIBE
                raise
            response = [b"pong"]
        if response and response[0] == b"pong":
            self._pings -= 1
            return None
        self._read_at = time.monotonic()
        return response

    def _reconnect(self, conn: Any, *_: Any, **__: Any) -> None:
        """Only close the connection, where redis-py would connect and subscribe once more.

        The error ends this subscription all the same. What a second connection heard until then
        would be lost.
        """
        conn.disconnect()

    def _ping_when_due(self) -> None:
        self._silent_ticks += 1
        if self._silent_ticks == round(LOST_AFTER / TICK):
            raise ConnectionLostError("no answer to any ping")
        if self._silent_ticks % round(PING_INTERVAL / TICK) == 0:
            self._pings += 1
            self.ping()

    def _cut_short(self) -> list[Any]:
        """Close the connection; return a made-up confirmation, which ends `listen()`."""
        self.was_cut_short = True
        if self.connection:
            self.connection.disconnect()
        (channel,) = self.channels
        return [b"unsubscribe", channel, 0]
