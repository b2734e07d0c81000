"""The reports of a listener to the live page."""

from collections.abc import Callable
from dataclasses import replace

from messaging.message import Message
from messaging.receiving import events
from messaging.receiving.contract import Ready
from messaging.receiving.counts import Counts
from messaging.receiving.events import Event
from messaging.reporting.report import BODY_SHOWN, Report
from messaging.reporting.reporter import REPORT_INTERVAL, Recent, Reporter


class Reports:
    """Keeps what a report shows beside the counts, and wakes the reporter when that changes.

    The loop's thread writes; the reporter's thread reads, in `report`.
    """

    def __init__(self, counts: Counts, work: float, blank: Callable[[], Report]) -> None:
        """`work` is the seconds that a message takes; `blank` makes empty reports."""
        self._counts, self._blank = counts, blank
        # Work that is shorter than the time between two reports would flicker on the page.
        self._shows_work = work >= REPORT_INTERVAL
        self._recent = Recent()
        self._last: Message | None = None
        self._is_working = False
        self._reporter = Reporter(lambda: [self.report()])

    def hear(self, event: Event) -> None:
        match event:
            case events.Taken(message):
                self._last = message
                self._recent.add(message)
                self._is_working = True
                if self._shows_work:
                    self._reporter.changed()
            case events.Received():
                self._is_working = False
                self._reporter.changed()
            case Ready() | events.Malformed() | events.DeadLetter():
                self._reporter.changed()

    def report(self) -> Report:
        counts, last = dict(self._counts.of), self._last
        counts["missed"] += self._counts.left_behind
        body = last.body[:BODY_SHOWN] if last else None
        is_shown = self._is_working and self._shows_work
        return replace(
            self._blank(),
            counts=counts,
            delays={str(bucket): n for bucket, n in dict(self._counts.delays.buckets).items()},
            last=body,
            in_hand=[last.id, body] if last and is_shown else None,
            recent=self._recent.take(),
        )

    def close(self) -> None:
        self._reporter.close()
