"""The reports of a listener to the live page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from messaging.message import MalformedLineError, Message
from messaging.receiving.counts import Counts
from messaging.receiving.gaps import Gap
from messaging.receiving.observer import Observer
from messaging.reporting.report import SHOWN, Report
from messaging.reporting.reporter import EVERY, Recent, Reporter
from messaging.settings import LIVE


class Reports(Observer):
    """Keeps what a report shows beside the counts, and wakes the reporter at each event.

    The loop's thread writes; the reporter's thread reads, in `report`.
    """

    def __init__(self, counts: Counts, work: float, blank: Callable[[], Report]) -> None:
        """`work` is the seconds that a message takes; `blank` makes empty reports."""
        self._counts, self._blank = counts, blank
        # Work that is shorter than the time between two reports would flicker on the page.
        self._shows_work = work >= EVERY
        self._recent = Recent()
        self._last: Message | None = None
        self._is_working = False
        self._reporter = Reporter(lambda: [self.report()])

    def ready(self) -> None:
        self._reporter.changed()

    def taken(self, message: Message) -> None:
        self._last = message
        self._recent.add(message)
        self._is_working = True
        if self._shows_work:
            self._reporter.changed()

    def received(self, message: Message, at: float) -> None:
        self._is_working = False
        self._reporter.changed()

    def malformed(self, error: MalformedLineError, at: float) -> None:
        self._reporter.changed()

    def missed(self, gap: Gap) -> None:
        self._reporter.changed()

    def dead(self, message: Message, failures: int) -> None:
        self._reporter.changed()

    def report(self) -> Report:
        report, counts = self._blank(), dict(self._counts.of)
        missed = counts.get("missed", 0) + counts.get("left", 0)
        kinds = ("received", "elsewhere", "malformed", "redelivered", "dead")
        report.counts = {kind: counts.get(kind, 0) for kind in kinds} | {"missed": missed}
        report.delays = {str(bucket): n for bucket, n in dict(self._counts.delays.buckets).items()}
        report.recent = self._recent.take()
        if last := self._last:
            report.last = last.body[:SHOWN]
            if self._is_working and self._shows_work:
                report.in_hand = [last.id, report.last]
        return report

    def close(self) -> None:
        self._reporter.close()


@contextmanager
def reported(counts: Counts, work: float, blank: Callable[[], Report]) -> Iterator[list[Observer]]:
    """Report the listener to the live page inside the with block, unless LIVE=0."""
    if not LIVE:
        yield []
        return
    reports = Reports(counts, work, blank)
    try:
        yield [reports]
    finally:
        reports.close()
