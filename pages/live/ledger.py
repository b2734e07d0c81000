"""The ledger adds up reports. A report has all counts of its process, so it replaces the last."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from messaging.reporting.report import Report
from pages.live.member import REPEATED, Member, Tally, give_up
from pages.live.moves import Movements
from pages.live.past import LastMinute, MomentAgo
from pages.live.retired import MOST_OVER, is_over, is_retired


class Ledger:
    """The ledger holds all members, the totals, and the news since they were last taken."""

    def __init__(self) -> None:
        self.reset_at = 0  # ms since the epoch: the last reset that the ledger includes
        self.totals: dict[str, Tally] = defaultdict(Tally)  # since the reset, by pattern
        self.members: dict[str, Member] = {}
        self.unreadable: set[bytes] = set()  # fields among the records that are none
        self._listed: dict[str, dict[str, Member]] = defaultdict(dict)  # by pattern
        self._fresh: dict[str, Tally] = defaultdict(Tally)  # heard since the last sample
        self.minutes: dict[str, LastMinute] = defaultdict(LastMinute)  # of delays, by pattern
        self.moments: dict[str, MomentAgo] = defaultdict(MomentAgo)  # of the totals, by pattern
        self.moves = Movements()

    def follows(self, report: Report) -> bool:
        """Return whether all reports of its process before this one are known.

        Else Redis has to be asked: the process may be new, or be summed up already, or a report
        with other delays did not arrive.
        """
        member = self.members.get(report.id)
        return member is not None and report.n <= member.report.n + 1

    def hear(self, report: Report) -> bool:
        """Count a report; return whether it tells more than that its process lives."""
        self.moves.hear(report)
        before = self._member(report).report
        if report.n <= before.n:
            return False
        self._count(report, time.monotonic(), is_news=True)
        return report.tells_more_than(before)

    def load(self, records: Iterable[Report], reset_at: int, are_news: bool) -> None:
        """Count what Redis keeps; records that `are_news` have messages to be shown as moving."""
        self._begin_again(reset_at)
        records = list(records)
        self._drop_retired(records)
        to_monotonic = time.monotonic() - time.time()
        for report in records:
            if are_news and report.n > self._member(report).report.n:
                self.moves.load(report)
            self._count(report, to_monotonic + min(report.at, time.time()), are_news)
        self.moves.forget_all_but(self.members)

    def stand_still(self, since: float, now: float) -> None:
        """Do not count an outage from `since` to `now` as silence of the members."""
        for member in self.members.values():
            member.heard = member.heard + now - since if member.is_gone(since) else now

    def has_many_that_are_over(self) -> bool:
        """Return whether so many processes of a pattern are over that they are to be summed up."""
        over = Counter(one.report.pattern for one in self.members.values() if is_over(one.report))
        return any(count > MOST_OVER for count in over.values())

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

    def _begin_again(self, reset_at: int) -> None:
        """Count from a reset on, if it is news; who left before counts no longer."""
        if reset_at <= self.reset_at:
            return
        self.reset_at = reset_at
        for since_reset in (self.totals, self.minutes, self.moments):
            since_reset.clear()
        self.members = {id_: one for id_, one in self.members.items() if not one.report.left}
        for member in self.members.values():
            member.counted = _blank(member.report)
            member.marks.clear()
            member.minute = LastMinute()

    def _drop_retired(self, records: Sequence[Report]) -> None:
        """Drop those whose counts another report has now: it stands for them.

        Who lives and is missing among the records is loaded again at its next report.
        """
        kept = {report.id for report in records}
        for together in filter(is_retired, records):
            known = self._member(together).report.n
            if together.n < known:  # Redis has come back with what it had long ago
                self._drop(together.pattern, lambda _: True)
            is_news = together.n > known
            self._drop(
                together.pattern,
                lambda one: one.id not in kept and (is_news or is_over(one)),  # noqa: B023
            )

    def _drop(self, pattern: str, which: Callable[[Report], bool]) -> None:
        for member in list(self.members.values()):
            if member.report.pattern == pattern and which(member.report):
                self.totals[pattern].subtract(member.counted)
                del self.members[member.report.id]

    def _count(self, report: Report, heard: float, is_news: bool) -> None:
        """Replace the last report of its process, if this one is newer, and count what is new."""
        self._begin_again(report.reset_at)
        member = self._member(report)
        if report.n > member.report.n:
            member.report = report.onto(member.report)
            if report.reset_at == self.reset_at:  # else it does not know of the reset yet
                self.totals[report.pattern].add(report, member.counted)
                self.moments[report.pattern].note(heard, self.totals[report.pattern].counts)
                if is_news and not is_retired(report):
                    self._add_news(report, member, heard)
                member.counted = member.report
                member.marks.append((heard, member.received()))
        member.heard = max(member.heard, heard)
        self._listed[report.pattern][report.id] = member

    def _add_news(self, report: Report, member: Member, heard: float) -> None:
        """Add what a report tells beyond what its process has counted before."""
        before = member.counted
        self._fresh[report.pattern].add(report, before)
        for minute in (member.minute, self.minutes[report.pattern]):
            minute.add(heard, report.delays, before.delays)
        repeated = sum(report.counts.get(name, 0) - before.counts.get(name, 0) for name in REPEATED)
        if repeated > 0:
            others = [one for one in self._listed[report.pattern].values() if one is not member]
            give_up(others, {id_ for id_, *_ in report.recent}, repeated, heard)

    def _member(self, report: Report) -> Member:
        """Return the member that a report is of; one that is new has counted nothing yet."""
        if report.id not in self.members:
            self.members[report.id] = Member(_blank(report), _blank(report))
        return self.members[report.id]


def _blank(report: Report) -> Report:
    """Return a report of the same process that has counted nothing yet."""
    return replace(report, n=0, left=False, counts={}, delays={}, in_hand=None)
