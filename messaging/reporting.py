"""How listeners and web report for the live page: in batches, beside the loop."""

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis import RedisError

from messaging.address import URL, address
from messaging.connection import connect
from messaging.message import Message
from messaging.names import RECORDS, REPORTS
from messaging.report import RECENT, SHOWN, Report

LIVE = os.environ.get("LIVE") != "0"
EVERY = 0.1  # seconds between two reports, at least
HEARTBEAT = 1.0  # seconds between two reports, at most: a sign of life
KEPT = 24 * 3600  # seconds after the last report of all
LAST_WORD = 0.25  # second for the last report of a process that stops


def reports_channel() -> str:
    """The channel of this database: Pub/Sub itself knows none."""
    return f"{REPORTS}:{address(URL).rpartition('/')[2]}"


class Recent:
    """The newest messages since the last report; adding one costs next to nothing."""

    def __init__(self) -> None:
        self._messages: deque[tuple[Message, int | None]] = deque(maxlen=RECENT)

    def add(self, message: Message, said: int | None = None) -> None:
        self._messages.append((message, said))

    def take(self) -> list[list[Any]]:
        """Those that came since the last call, oldest first: id, body, and what Redis said."""
        taken: list[list[Any]] = []
        with suppress(IndexError):
            while len(taken) < RECENT:
                message, said = self._messages.popleft()
                taken.append([message.id, message.body[:SHOWN], said])
        return taken


class Reporter:
    """Reports what `describe` gives: at once after a silence, then ten times a second at most.

    It has a thread and a connection of its own. Redis away: the next report says it all.
    """

    def __init__(self, describe: Callable[[], list[Report]]) -> None:
        self._describe = describe
        self._redis = connect(connections=1)
        self._changed = False
        self._sleeping = False
        self._asking_since: float | None = None  # while Redis has not answered
        self._wake, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def changed(self) -> None:
        """There is something to report. Called for each message, so it does next to nothing."""
        self._changed = True
        if self._sleeping:
            self._sleeping = False
            self._wake.set()

    def close(self) -> None:
        """Report a last time, if Redis takes it at once."""
        self._closing.set()
        self.changed()
        self._wake.set()
        since = self._asking_since
        if since is None or time.monotonic() - since < LAST_WORD:  # else it will not answer now
            self._thread.join(LAST_WORD)

    def _run(self) -> None:
        closing = False
        while not closing:
            self._sleeping = True
            if not self._changed:
                self._wake.wait(HEARTBEAT)
            closing = self._closing.is_set()
            self._sleeping = False
            self._wake.clear()
            self._changed = False
            self._asking_since = time.monotonic()
            try:
                self._report(closing)
            except RedisError:
                self._changed = True  # still to be told
                self._closing.wait(HEARTBEAT)
            self._asking_since = None
            self._closing.wait(EVERY)

    def _report(self, left: bool) -> None:
        """One round trip: kept for whoever comes later, and told to whoever watches now."""
        reports = self._describe()
        with self._redis.pipeline(transaction=False) as pipeline:
            for report in reports:
                report.left = left
                line = report.encode()
                pipeline.hset(RECORDS, report.id, line)
                pipeline.publish(reports_channel(), line)
            pipeline.expire(RECORDS, KEPT)
            pipeline.execute()
