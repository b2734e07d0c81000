"""The ledger adds up reports. A report has all counts of its process, so it replaces the last."""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from messaging.reporting.report import Delays, Report
from pages.live.wire import Moves

GONE_AFTER = 3.0  # seconds without a heartbeat
LISTED_FOR = 60.0  # seconds after its last report that a gone listener is listed
RATE_OVER = 2.0  # seconds over which a rate is the mean
MOST_MOVES = 24  # messages of a pattern, sent and taken each, that one change tells


@dataclass
class Tally:
    """A tally holds counts by name, and delays."""

    counts: Counter[str] = field(default_factory=Counter)
    delays: Delays = field(default_factory=Delays)

    def add(self, report: Report, before: Report) -> "Tally":
        """Add what a process has counted since its report `before`, and return the tally."""
        self.counts.update(report.counts)
        self.counts.subtract(before.counts)
        self.delays.buckets.update({int(key): n for key, n in report.delays.items()})
        self.delays.buckets.subtract({int(key): n for key, n in before.delays.items()})
        return self


@dataclass
class Member:
    """A member is a process and its last report for one pattern; times are monotonic."""

    report: Report
    baseline: Report  # its last report before the last reset; an empty one if there was none
    heard: float = 0.0
    # Time, and how many messages it had received by then: all reports of RATE_OVER seconds.
    marks: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=25))

    def tally(self) -> Tally:
        """Return what it counted since the reset."""
        return Tally().add(self.report, self.baseline)

    def received(self) -> int:
        """Return how many messages it received since the reset."""
        return self.report.counts.get("received", 0) - self.baseline.counts.get("received", 0)

    def in_hand(self) -> list[Any] | None:
        """Return id and body of what it works on, if it took that since the reset."""
        return None if self.report.in_hand == self.baseline.in_hand else self.report.in_hand

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


class Ledger:
    """The ledger holds all members, the totals, and the news since they were last taken."""

    def __init__(self) -> None:
        self.reset_at = 0  # ms since the epoch: the last reset that the ledger includes
        self.totals: dict[str, Tally] = defaultdict(Tally)  # since the reset, by pattern
        self.members: dict[str, Member] = {}
        self._listed: dict[str, dict[str, Member]] = defaultdict(dict)  # by pattern
        self._fresh: dict[str, Tally] = defaultdict(Tally)  # heard since the last sample
        self._moves: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))

    def hear(self, report: Report) -> bool:
        """Count a report; return whether it tells more than that its process lives."""
        before = self._member(report).report
        if report.n <= before.n:
            return False
        self._replace(report, time.monotonic(), is_news=True)
        return report.tells_more_than(before)

    def load(
        self, records: Iterable[Report], reset_at: int, baselines: Iterable[Report], are_news: bool
    ) -> None:
        """Count what Redis keeps; if records `are_news`, their messages are shown as moving."""
        if reset_at > self.reset_at:
            self._begin_again(reset_at, baselines)
        to_monotonic = time.monotonic() - time.time()
        for report in records:
            self._replace(report, to_monotonic + min(report.at, time.time()), are_news)

    def stand_still(self, since: float, now: float) -> None:
        """Do not count an outage from `since` to `now` as silence of the members."""
        for member in self.members.values():
            member.heard = member.heard + now - since if member.is_gone(since) else now

    def listeners(self, pattern: str, now: float) -> list[Member]:
        """Return the listeners by name, those gone last, and drop those not listed any more."""
        listed = self._listed[pattern]
        for member in [one for one in listed.values() if not one.is_listed(now)]:
            del listed[member.report.id]
        return sorted(
            listed.values(), key=lambda one: (one.is_gone(now), one.report.name, one.report.id)
        )

    def take_fresh(self) -> dict[str, Tally]:
        """Return what was counted since the last call, by pattern."""
        fresh, self._fresh = self._fresh, defaultdict(Tally)
        return fresh

    def take_moves(self) -> dict[str, Moves]:
        """Return the newest messages sent and taken since the last call, and who left."""
        taken, self._moves = self._moves, defaultdict(lambda: defaultdict(list))
        return {
            pattern: {kind: moves[-MOST_MOVES:] for kind, moves in kinds.items() if moves}  # type: ignore[misc]
            for pattern, kinds in taken.items()
            if any(kinds.values())
        }

    def _begin_again(self, reset_at: int, baselines: Iterable[Report]) -> None:
        """Count from the baselines on; a process that left before the reset counts no longer."""
        self.reset_at = reset_at
        self.members = {id_: one for id_, one in self.members.items() if not one.report.left}
        for member in self.members.values():
            member.baseline = member.report  # of those whose baseline Redis has lost
        for baseline in baselines:
            member = self._member(baseline)
            member.baseline = baseline
            member.report = max(member.report, baseline, key=lambda report: report.n)
        self.totals.clear()
        for member in self.members.values():
            self.totals[member.report.pattern].add(member.report, member.baseline)

    def _tell(self, report: Report, before: Report) -> None:
        """Add what is new since the report `before` to the news."""
        self._fresh[report.pattern].add(report, before)
        moves = self._moves[report.pattern]
        if report.role == "web":
            moves["sent"] += report.recent
        else:
            moves["taken"] += [[*message[:2], report.id] for message in report.recent]
        if report.left:
            moves["left"].append(report.id)

    def _replace(self, report: Report, heard: float, is_news: bool) -> None:
        """Replace the last report of its process, if this one is newer, and count what is new."""
        member = self._member(report)
        if report.n > member.report.n:
            if is_news:
                self._tell(report, member.report)
            self.totals[report.pattern].add(report, member.report)
            member.report = report
            member.marks.append((heard, report.counts.get("received", 0)))
        member.heard = max(member.heard, heard)
        self._listed[report.pattern][report.id] = member

    def _member(self, report: Report) -> Member:
        """Return the member that a report is of; one that is new has counted nothing yet."""
        if report.id not in self.members:
            blank = replace(report, n=0, left=False, counts={}, delays={}, in_hand=None)
            self.members[report.id] = Member(blank, blank)
        return self.members[report.id]
