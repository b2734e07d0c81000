"""The ledger adds up reports. A report has all counts of its process, so it replaces the last."""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from messaging.delays import Delays
from messaging.reporting.report import Report

GONE_AFTER = 3.0  # seconds without a sign of life
SHOWN_FOR = 60.0  # seconds after its last report that a gone listener is shown
RATE_OVER = 2.0  # seconds over which a rate is the mean
MOVES = 24  # messages of a pattern, sent and taken each, that one change tells at most


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
    zero: Report | None = None  # its last report before the figures were zeroed
    marks: deque[tuple[float, int]] = field(default_factory=deque)  # time, received by then

    def hear(self, report: Report, now: float) -> None:
        self.report, self.heard = report, max(now, self.heard)
        self.marks.append((now, report.counts.get("received", 0)))
        while len(self.marks) > 2 and self.marks[1][0] < now - RATE_OVER:
            self.marks.popleft()

    def tally(self) -> Tally:
        """Return what it counted since the figures were zeroed."""
        return Tally().add(self.report, self.zero)

    def received(self) -> int:
        """Return how many messages it received since the figures were zeroed."""
        before = self.zero.counts.get("received", 0) if self.zero else 0
        return self.report.counts.get("received", 0) - before

    def in_hand(self) -> list[Any] | None:
        """Return id and body of what it works on, if it took that since the last reset."""
        before = self.zero.in_hand if self.zero else None
        return None if self.report.in_hand == before else self.report.in_hand

    def is_shown(self, now: float) -> bool:
        is_listener = self.report.role == "listener" and not self.report.left
        return is_listener and now - self.heard < SHOWN_FOR

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
        self.zeroed = ""  # the name of the last reset, which is its time, so that names sort
        self.totals: dict[str, Tally] = defaultdict(Tally)  # by pattern
        self._members: dict[str, Member] = {}
        self._shown: dict[str, dict[str, Member]] = defaultdict(dict)  # listeners, by pattern
        self._fresh: dict[str, Tally] = defaultdict(Tally)  # heard since the last sample
        self._moves: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))

    def hear(self, report: Report) -> bool:
        """Count a report; return whether it tells more than that its process lives."""
        if report.id in self._members and report.n <= self._members[report.id].report.n:
            return False
        before = self._replace(report, time.monotonic())
        pattern, moves = report.pattern, self._moves[report.pattern]
        self._fresh[pattern].add(report, before)
        if report.role == "web":
            moves["sent"] += report.recent
        else:
            moves["taken"] += [[*shown[:2], report.id] for shown in report.recent]
        if report.left:
            moves["left"].append(report.id)
        return not before or report.tells_more_than(before)

    def load(self, records: Iterable[Report], zeroed: str, zeros: Iterable[Report]) -> None:
        """Count what Redis keeps: the records, and the zeros where it has a later reset."""
        if zeroed > self.zeroed:
            # The records hold who left after the reset; who left before it counts no longer.
            stay = (member for member in self._members.values() if not member.report.left)
            known = [(member.report, member.heard) for member in stay]
            self.zeroed = zeroed
            self.totals.clear()
            self._members = {zero.id: Member(zero, 0.0, zero) for zero in zeros}
            self._shown.clear()
            for report, heard in known:
                self._replace(report, heard)
        steady = time.monotonic() - time.time()
        for report in records:
            self._replace(report, steady + min(report.at, time.time()))

    def zero(self, zeroed: str) -> list[str]:
        """Count from here on, without members that have stopped; return the ids of these."""
        self.zeroed = zeroed
        self.totals.clear()
        left = [id_ for id_, member in self._members.items() if member.report.left]
        for id_ in left:
            del self._members[id_]
        for member in self._members.values():
            member.zero = replace(member.report, recent=[], last=None)
        return left

    def stand_still(self, since: float, now: float) -> None:
        """Do not count an outage from `since` to `now` as silence of the members."""
        for member in self._members.values():
            member.heard = member.heard + now - since if member.is_gone(since) else now

    def reports(self) -> list[Report]:
        """Return the last report of each member."""
        return [member.report for member in self._members.values()]

    def zeros(self) -> list[Report]:
        """Return the last report of each member before the figures were zeroed."""
        return [member.zero for member in self._members.values() if member.zero]

    def listeners(self, pattern: str, now: float) -> Iterator[Member]:
        """Yield the listeners of the last minute, by name, those that are gone last."""
        shown = self._shown[pattern]
        for member in [one for one in shown.values() if not one.is_shown(now)]:
            del shown[member.report.id]
        yield from sorted(
            shown.values(), key=lambda one: (one.is_gone(now), one.report.name, one.report.id)
        )

    def take_fresh(self) -> dict[str, Tally]:
        """Return what was counted since the last call, by pattern."""
        fresh, self._fresh = self._fresh, defaultdict(Tally)
        return fresh

    def take_moves(self) -> dict[str, dict[str, list[Any]]]:
        """Return the newest messages sent and taken since the last call, and who left."""
        taken, self._moves = self._moves, defaultdict(lambda: defaultdict(list))
        return {
            pattern: {kind: moves[-MOVES:] for kind, moves in kinds.items() if moves}
            for pattern, kinds in taken.items()
            if any(kinds.values())
        }

    def _replace(self, report: Report, heard: float) -> Report | None:
        """Count what is new in a report; return the member's report that it replaces."""
        member = self._members.get(report.id)
        before = member.report if member else None
        if not member:
            member = self._members[report.id] = Member(report, heard)
        if not before or report.n > before.n:
            self.totals[report.pattern].add(report, before)
            member.hear(report, heard)
        member.heard = max(member.heard, heard)
        self._shown[report.pattern][report.id] = member
        return before
