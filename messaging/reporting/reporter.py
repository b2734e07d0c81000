"""Sends a process' reports to the live page: in batches, beside the loop that does the work."""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis import RedisError

from messaging.address import address
from messaging.connection import connect
from messaging.message import Message
from messaging.names import RECORDS, REPORTS
from messaging.reporting.report import RECENT, SHOWN, Report
from messaging.settings import REDIS_URL

EVERY = 0.1  # seconds between two reports, at least
HEARTBEAT = 1.0  # second between two reports, at most
KEPT = 24 * 3600  # seconds after the last report of all
LAST_WORD = 0.25  # second for the last report of a process that stops


def reports_channel() -> str:
    """The channel of this database: Pub/Sub itself knows none."""
    return f"{REPORTS}:{address(REDIS_URL).rpartition('/')[2]}"


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

    One thread of its own reads `describe` and sends, over a connection of its own. Other threads
    only set the events. While Redis is away nothing is kept: the next report tells all counts.
    """

    def __init__(self, describe: Callable[[], list[Report]]) -> None:
        self._describe = describe
        self._redis = connect(connections=1)
        self._news, self._closing = threading.Event(), threading.Event()
        self._asking_since: float | None = None  # while Redis has not answered
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def changed(self) -> None:
        """There is something to report. Called for each message, so it does next to nothing."""
        if not self._news.is_set():
            self._news.set()

    def close(self) -> None:
        """Report a last time, if Redis takes it at once."""
        self._closing.set()
        self._news.set()
        since = self._asking_since
        if since is None or time.monotonic() - since < LAST_WORD:  # else it will not answer now
            self._thread.join(LAST_WORD)

    def _run(self) -> None:
        is_last = False
        while not is_last:
            self._news.wait(HEARTBEAT)
            is_last = self._closing.is_set()
            self._news.clear()  # before the counts are read: what comes later is news again
            self._asking_since = time.monotonic()
            try:
                self._report(is_last)
            except RedisError:
                self._news.set()  # still to be told
                self._closing.wait(HEARTBEAT)
            self._asking_since = None
            self._closing.wait(EVERY)

    def _report(self, left: bool) -> None:
        """Publish the reports, and store them for web processes that start later."""
        reports = self._describe()
        with self._redis.pipeline(transaction=False) as pipeline:
            for report in reports:
                report.left = left
                line = report.encode()
                pipeline.hset(RECORDS, report.id, line)
                pipeline.publish(reports_channel(), line)
            pipeline.expire(RECORDS, KEPT)
            pipeline.execute()
