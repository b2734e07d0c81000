"""What is counted since a reset: exactly what was sent after it, and in little memory."""

import time

import pytest

from messaging.message import OURS, Message
from messaging.receiving.counts import Counts, ListenerReports
from messaging.receiving.events import Handled
from messaging.reporting.report import LISTENER_COUNTS, Report
from messaging.reporting.since import MOST_FRESH, SKEW, Since


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def test_what_nobody_asks_for_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a reporter, or while Redis refuses the reports, nobody learns of resets."""
    clock = [time.time()]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    since = Since(LISTENER_COUNTS)
    for _ in range(5 * MOST_FRESH):
        since.add("received", 1, clock[0])
        clock[0] += 0.001
    assert len(since._fresh) <= MOST_FRESH
    assert since.counts()["received"] == 5 * MOST_FRESH


def test_a_time_in_the_future_is_made_up_and_counts_once() -> None:
    since = Since(LISTENER_COUNTS)
    since.add("received", 1, 9e10)
    for ahead in (0, SKEW * 1000 + 500):
        since.learn(now_ms() + int(ahead))
    assert since.counts()["received"] == 0


def test_delays_of_a_backlog_count_for_a_listener_that_begins_after_a_reset() -> None:
    reset_at = now_ms() - 1
    counts = Counts()
    blank = Report("one", 1, time.time(), "prodcons", "listener", "one", "here", 1)
    reports = ListenerReports(counts, 0.0, lambda: blank, show=print)
    for seq in range(10):
        counts.count(Handled(Message("x", f"{OURS}1", seq + 1, time.time()), time.time()))
    report = reports.report(reset_at)
    reports.close()
    assert report.counts["received"] == 10
    assert sum(report.delays.values()) == 10
