"""A member of the ledger: a process, its last report, and what it has counted."""

from collections import Counter, deque
from dataclasses import dataclass, field

from messaging.reporting.report import Delays, Report

GONE_AFTER = 3.0  # seconds without a heartbeat
LISTED_FOR = 60.0  # seconds after its last report that a gone listener is listed
RATE_OVER = 2.0  # seconds over which a rate is the mean


@dataclass
class Tally:
    """A tally holds counts by name, and delays."""

    counts: Counter[str] = field(default_factory=Counter)
    delays: Delays = field(default_factory=Delays)

    def add(self, told: Report, before: Report | None = None) -> "Tally":
        """Add what a process tells beyond its report `before`, and return the tally."""
        self.counts.update(told.counts)
        if before:
            self.counts.subtract(before.counts)
        known = before.delays if before else {}
        for bucket, n in told.delays.items():
            self.delays.buckets[int(bucket)] += n - known.get(bucket, 0)
        return self

    def subtract(self, report: Report) -> None:
        """Take away all that a process has counted."""
        self.counts.subtract(report.counts)
        self.delays.buckets.subtract({int(bucket): n for bucket, n in report.delays.items()})


@dataclass
class Member:
    """A member is a process and its last report for one pattern; times are monotonic."""

    report: Report
    counted: Report  # the same, or an empty one while the last does not know of the reset
    heard: float = 0.0
    # Time, and how many messages it had received by then: all reports of RATE_OVER seconds.
    marks: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=25))

    def received(self) -> int:
        """Return how many messages it received since the reset."""
        return self.counted.counts.get("received", 0)

    def is_listed(self, now: float) -> bool:
        is_listener = self.report.role == "listener" and not self.report.left
        return is_listener and now - self.heard < LISTED_FOR

    def is_gone(self, now: float) -> bool:
        return now - self.heard > GONE_AFTER

    def rate(self, now: float) -> float:
        """Return how many messages/s it received in the last two seconds; 0 if it is gone."""
        if not self.marks or self.is_gone(now):
            return 0.0
        before = [mark for mark in self.marks if mark[0] <= now - RATE_OVER]
        since, received = before[-1] if before else self.marks[0]
        return (self.marks[-1][1] - received) / max(now - since, RATE_OVER)
