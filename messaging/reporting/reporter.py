"""The thread of a process that sends its reports to all web processes."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from redis import Redis, RedisError
from redis.exceptions import ResponseError

from messaging.connection import as_number, connect, explain
from messaging.message import Message
from messaging.reporting.report import RECENT, Report, is_reset, shown
from messaging.settings import KEY_PREFIX, REDIS_URL, address

RECORDS = f"{KEY_PREFIX}live:records"  # hash: the last report of each process
RESET = f"{KEY_PREFIX}live:reset"  # string: when the last reset was, in ms since the epoch
RECORDS_KEPT_FOR = 24 * 3600  # seconds after the last report of any process

REPORT_INTERVAL = 0.1  # seconds between two reports, at least
HEARTBEAT_INTERVAL = 1.0  # second between two reports, at most
TOLD_AFTER = 3  # refusals, a second apart: what ends sooner needs no word
LAST_REPORT_WITHIN = 1.0  # second that a process waits for its last report when it stops


def reports_channel() -> str:
    """Return the channel of this database, because Pub/Sub ignores databases."""
    return f"{KEY_PREFIX}live:reports:{address(REDIS_URL).rpartition('/')[2]}"


def last_reset(redis: Redis) -> int:
    """Return when the last reset was, in ms since the epoch; 0 if there was none."""
    at = as_number(redis.get(RESET))
    return at if is_reset(at) else 0  # another program may have written there


class Recent:
    """The newest messages since the last report, RECENT at most."""

    def __init__(self) -> None:
        self._messages: deque[list[Any]] = deque(maxlen=RECENT)

    def add(self, message: Message, reached: int | None = None) -> None:
        self._messages.append([*shown(message), reached])

    def take(self) -> list[list[Any]]:
        """Remove and return them, oldest first: id, body, and how many listeners it reached."""
        return [self._messages.popleft() for _ in range(len(self._messages))]


class Reporter:
    """Sends what `describe` returns: each second, and up to ten times a second when it changes.

    One thread calls `describe(reset_at, is_last)`, with the last reset, and sends over its own
    connection; other threads only set events. While Redis is away nothing is queued, because the
    next report has all counts.
    """

    def __init__(
        self, describe: Callable[[int, bool], list[Report]], refused: Callable[[str], None]
    ) -> None:
        """`refused` is told in a sentence why Redis refuses the reports, and «» when it is over."""
        self._describe, self._refused = describe, refused
        self._published: dict[str, Report] = {}  # the last ones, by id
        self._redis = connect(connections=1)
        self._news, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def changed(self) -> None:
        """Wake the thread. Every message calls this, so it must cost next to nothing."""
        if not self._news.is_set():
            self._news.set()

    def close(self) -> None:
        """Send a last report, unless Redis is slow to answer; takes LAST_REPORT_WITHIN at most."""
        self._closing.set()
        self._news.set()
        self._thread.join(LAST_REPORT_WITHIN)

    def _run(self) -> None:
        is_last, refusals = False, 0
        while not is_last:
            self._news.wait(HEARTBEAT_INTERVAL)
            is_last = self._closing.is_set()
            self._news.clear()  # before `describe`, so that a later change sets it again
            try:
                self._report(is_last)
                if refusals >= TOLD_AFTER:
                    self._refused("")
                refusals = 0
            except RedisError as error:
                is_refusal = isinstance(error, ResponseError)
                refusals += is_refusal
                if is_refusal and refusals == TOLD_AFTER:
                    self._refused(f"The live page is not told what happens: {explain(error)}")
                self._news.set()  # this report is still due
                self._closing.wait(HEARTBEAT_INTERVAL)
            self._closing.wait(REPORT_INTERVAL)

    def _report(self, is_last: bool) -> None:
        """Publish the reports, and store them for web processes that start later."""
        reports = self._describe(last_reset(self._redis), is_last)
        with self._redis.pipeline(transaction=False) as pipeline:
            for report in [replace(report, left=is_last) for report in reports]:
                before = self._published.get(report.id)
                told = report.beside(before) if before else report
                pipeline.hset(RECORDS, report.id, report.encode())
                pipeline.publish(reports_channel(), told.encode())
            pipeline.expire(RECORDS, RECORDS_KEPT_FOR)
            pipeline.execute()
        self._published |= {report.id: report for report in reports}
