"""Counts the messages that a listener received and missed, and reports that to web processes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from messaging.message import LARGEST_SEQ, OURS
from messaging.receiving import events
from messaging.receiving.contract import LeftBehind, Ready
from messaging.receiving.events import Event
from messaging.reporting.report import LISTENER_COUNTS, Count, Delays, Report, shown
from messaging.reporting.reporter import REPORT_INTERVAL, Recent, Reporter


class Counts:
    """All that a listener has counted since its start.

    The reporter's thread reads it while the loop's thread writes, so two counts may not match.
    """

    def __init__(self) -> None:
        self.of: Counter[Count] = Counter(dict.fromkeys(LISTENER_COUNTS, 0))
        self.left_behind = 0  # messages sent to this listener and not handled when it stopped
        self.delays = Delays()
        self._counted_all = True  # whether `left_behind` is exact

    def count(self, event: Event) -> None:
        match event:
            case events.Handled(message, arrived_at):
                self.of["received"] += 1
                if not (message.sender or "").startswith(OURS):
                    self.of["elsewhere"] += 1
                if message.sent is not None:
                    self.delays.add(arrived_at - message.sent)
            case events.Malformed():
                self.of["malformed"] += 1
            case events.Gap():
                self.of["missed"] += event.count
            case events.Redelivered():
                self.of["redelivered"] += 1
            case events.DeadLetter():
                self.of["dead"] += 1
            case LeftBehind(count, are_all):
                self.left_behind += count
                self._counted_all &= are_all

    def summary(self, follows_gaps: bool) -> str:
        """Return the counts as one line for people."""
        of = self.of
        parts = [f"Received {of['received']:,}", f"malformed {of['malformed']:,}"]
        if follows_gaps:
            parts.append(f"missed {of['missed']:,}")
        if of["redelivered"] or of["dead"]:
            parts.append(f"taken over {of['redelivered']:,}, put aside {of['dead']:,}")
        median, p99 = self.delays.quantile(0.5), self.delays.quantile(0.99)
        if median is not None and p99 is not None:
            parts.append(f"delay median {median * 1000:,.1f} ms, p99 {p99 * 1000:,.1f} ms")
        if self.left_behind:
            more = "" if self._counted_all else "more than "
            parts.append(f"left behind {more}{self.left_behind:,}")
        return ", ".join(parts) + "."


class ListenerReports:
    """Keeps what a report shows beside the counts, and wakes the reporter when that changes.

    The loop's thread writes; the reporter's thread reads, in `report`.
    """

    def __init__(self, counts: Counts, work: float, blank: Callable[[], Report]) -> None:
        """`work` is the seconds that a message takes; `blank` makes empty reports."""
        self._counts, self._blank = counts, blank
        # Work that is shorter than the time between two reports would flicker on the page.
        self._shows_work = work >= REPORT_INTERVAL
        self._recent = Recent()
        self._last: str | None = None  # the body of the last message
        self._in_hand: list[str | None] | None = None  # id and body of the message in work
        self._reporter = Reporter(lambda _: [self.report()])

    def hear(self, event: Event) -> None:
        match event:
            case events.Started(message):
                id_, self._last = shown(message)
                self._recent.add(message)
                if self._shows_work:
                    self._in_hand = [id_, self._last]
                    self._reporter.changed()
            case events.Handled():
                self._in_hand = None
                self._reporter.changed()
            case Ready() | events.Malformed() | events.DeadLetter():
                self._reporter.changed()

    def report(self) -> Report:
        counts = dict(self._counts.of)
        # Another program may have sent a number that makes the gap before it huge.
        counts["missed"] = min(counts["missed"] + self._counts.left_behind, LARGEST_SEQ)
        return replace(
            self._blank(),
            counts=counts,
            delays={str(bucket): n for bucket, n in dict(self._counts.delays.buckets).items()},
            last=self._last,
            in_hand=self._in_hand,
            recent=self._recent.take(),
        )

    def close(self) -> None:
        self._reporter.close()
