"""The ledger adds up reports. A report has all counts of its process, so it replaces the last."""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from messaging.delays import Delays
from messaging.reporting.report import Report
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

    def add(self, report: Report, before: Report | None) -> "Tally":
        """Add what a process has counted since its report `before`, and return the tally."""
        self.counts.update(report.counts)
        self.delays.buckets.update({int(key): n for key, n in report.delays.items()})
        if before:
            self.counts.subtract(before.counts)
            self.delays.buckets.subtract({int(key): n for key, n in before.delays.items()})
        return self


@dataclass
class Member:
    """A member is a process with its last report for one pattern; times are of the steady clock."""

    report: Report
    heard: float
    zero: Report | None = None  # its last report before the figures were reset
    marks: deque[tuple[float, int]] = field(default_factory=deque)  # time, received by then

    def hear(self, report: Report, now: float) -> None:
        self.report = report
        self.marks.append((now, report.counts.get("received", 0)))
        while len(self.marks) > 2 and self.marks[1][0] < now - RATE_OVER:
            self.marks.popleft()

    def tally(self) -> Tally:
        """Return what it counted since the reset."""
        return Tally().add(self.report, self.zero)

    def received(self) -> int:
        """Return how many messages it received since the reset."""
        before = self.zero.counts.get("received", 0) if self.zero else 0
        return self.report.counts.get("received", 0) - before

    def in_hand(self) -> list[Any] | None:
        """Return id and body of what it works on, if it took that since the reset."""
        before = self.zero.in_hand if self.zero else None
        return None if self.report.in_hand == before else self.report.in_hand

    def is_listed(self, now: float) -> bool:
        is_listener = self.report.role == "listener" and not self.report.left
        return is_listener and now - self.heard < LISTED_FOR

    def is_gone(self, now: float) -> bool:
        return now - self.heard > GONE_AFTER

    def rate(self, now: float) -> float:
        """Return how many messages/s it received in the last two seconds."""
        if not self.marks:
            return 0.0
        before = [mark for mark in self.marks if mark[0] <= now - RATE_OVER]
        since, received = before[-1] if before else self.marks[0]
        return (self.marks[-1][1] - received) / max(now - since, RATE_OVER)


class Ledger:
    """The ledger holds all members, the totals, and the news since they were last taken."""

    def __init__(self) -> None:
        self.reset = 0  # the name of the last reset that the ledger includes
        self.totals: dict[str, Tally] = defaultdict(Tally)  # since the reset, by pattern
        self.members: dict[str, Member] = {}
        self._listed: dict[str, dict[str, Member]] = defaultdict(dict)  # by pattern
        self._fresh: dict[str, Tally] = defaultdict(Tally)  # heard since the last sample
        self._moves: dict[str, Moves] = defaultdict(lambda: defaultdict(list))

    def hear(self, report: Report) -> bool:
        """Count a report; return whether it tells more than that its process lives."""
        if report.id in self.members and report.n <= self.members[report.id].report.n:
            return False
        before = self._replace(report, time.monotonic())
        pattern, moves = report.pattern, self._moves[report.pattern]
        self._fresh[pattern].add(report, before)
        if report.role == "web":
            moves["sent"] += report.recent
        else:
            moves["taken"] += [[*message[:2], report.id] for message in report.recent]
        if report.left:
            moves["left"].append(report.id)
        return not before or report.tells_more_than(before)

    def load(self, records: Iterable[Report], reset: int, zeros: Iterable[Report]) -> None:
        """Count what Redis keeps: the records, and the zeros where it has a later reset."""
        if reset > self.reset:
            self._begin_again(reset, zeros)
        steady = time.monotonic() - time.time()
        for report in records:
            self._replace(report, steady + min(report.at, time.time()))

    def stand_still(self, since: float, now: float) -> None:
        """Do not count an outage from `since` to `now` as silence of the members."""
        for member in self.members.values():
            member.heard = member.heard + now - since if member.is_gone(since) else now

    def listeners(self, pattern: str, now: float) -> list[Member]:
        """Return the listeners of the last minute, by name, those that are gone last."""
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
            pattern: {kind: moves[-MOST_MOVES:] for kind, moves in kinds.items() if moves}
            for pattern, kinds in taken.items()
            if any(kinds.values())
        }

    def _begin_again(self, reset: int, zeros: Iterable[Report]) -> None:
        """Count from the zeros on; who left before the reset counts no longer."""
        self.reset = reset
        self.members = {id_: one for id_, one in self.members.items() if not one.report.left}
        for zero in zeros:
            member = self.members.setdefault(zero.id, Member(zero, 0.0))
            member.zero = zero
            if zero.n > member.report.n:
                member.report = zero
        self.totals.clear()
        for member in self.members.values():
            self.totals[member.report.pattern].add(member.report, member.zero)

    def _replace(self, report: Report, heard: float) -> Report | None:
        """Count what is new in a report; return the member's report that it replaces."""
        member = self.members.get(report.id)
        before = member.report if member else None
        if not member:
            member = self.members[report.id] = Member(report, heard)
        if not before or report.n > before.n:
            self.totals[report.pattern].add(report, before)
            member.hear(report, heard)
        member.heard = max(member.heard, heard)
        self._listed[report.pattern][report.id] = member
        return before
