"""A member of the ledger: a process, its last report, and what it has counted."""

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from messaging.reporting.report import Delays, ListenerCount, Report
from pages.live.past import LastMinute

GONE_AFTER = 3.0  # seconds without a heartbeat
LISTED_FOR = 60.0  # seconds after its last report that a gone listener is listed
RATE_OVER = 2.0  # seconds over which a rate is the mean
SILENT_AFTER = 1.5  # seconds: a heartbeat is missing
REPEATED: tuple[ListenerCount, ...] = (
    "redelivered",
    "dead",
)  # a message was taken from a dead listener


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
    is_frozen: bool = False  # by the demo
    # Time, and how many messages it had received by then: all reports of RATE_OVER seconds.
    marks: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=25))
    minute: LastMinute = field(default_factory=LastMinute)
    given_up: list[Any] | None = None  # what it had in hand when another one took it over

    def received(self) -> int:
        """Return how many messages it received since the reset."""
        return self.counted.counts.get("received", 0)

    @property
    def is_relieved(self) -> bool:
        """Return whether another listener has taken over what this one had in hand."""
        return self.given_up is not None and self.given_up == self.counted.in_hand

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


def give_up(others: Sequence[Member], ids: Collection[str | None], count: int, now: float) -> None:
    """Note that so many messages were taken from these, who had fallen silent.

    `ids` are those of the newest messages of the listener that took them, if they are among these.
    """

    held = [
        (hand[0] not in ids, one.heard, hand, one)
        for one in others
        if (hand := one.counted.in_hand) and not one.is_relieved
    ]
    held = [one for one in held if not one[0] or now - one[1] > SILENT_AFTER]
    for _, _, hand, one in sorted(held, key=lambda one: one[:2])[:count]:
        one.given_up = hand


def excuse_frozen(members: Iterable[Member], stage: Mapping[str, Any] | None, now: float) -> None:
    """Count no silence of listeners that the demo has frozen: they may go on as they were."""
    on_stage = stage["listeners"] if stage else {}
    for member in members:
        own = on_stage.get(member.report.name, {})
        is_own = own.get("pid") == member.report.pid and not member.report.left
        member.is_frozen = is_own and own["is_frozen"]
        if member.is_frozen:
            member.heard = now
