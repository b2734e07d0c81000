"""Counts the messages that a listener received and missed, and reports that to web processes."""

import math
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from messaging.message import LARGEST_SEQ, OURS
from messaging.receiving import events
from messaging.receiving.contract import LeftBehind, Ready
from messaging.receiving.events import Event, Observer
from messaging.receiving.outage import RETRY_INTERVAL
from messaging.reporting.report import LISTENER_COUNTS, LONGEST_WHY, Count, Delays, Report, shown
from messaging.reporting.reporter import REPORT_INTERVAL, Recent, Reporter
from messaging.reporting.since import Since

REFUSED_FOR = 2 * RETRY_INTERVAL + 0.5  # seconds without a further refusal, until it is over


class Counts:
    """All that a listener has counted.

    The reporter's thread reads it while the loop's thread writes, so two counts may not match.
    """

    def __init__(self) -> None:
        self.since = Since(LISTENER_COUNTS)
        self.left_behind = 0  # messages sent to this listener and not handled when it stopped
        self.delays = Delays()
        self._counted_all = True  # whether `left_behind` is exact

    def count(self, event: Event) -> None:
        match event:
            case events.Handled(message, arrived_at):
                if message.sent is not None:
                    self.delays.add(arrived_at - message.sent)
                if message.sent is not None and (message.sender or "").startswith(OURS):
                    self.since.add("received", 1, message.sent)
                else:
                    self.since.add("received", 1, arrived_at)
                    self.since.add("elsewhere", 1, arrived_at)
            case events.Malformed():
                self._add("malformed")
            case events.Gap():
                self._add("missed", event.count)
            case events.Redelivered():
                self._add("redelivered")
            case events.DeadLetter():
                self._add("dead")
            case LeftBehind(count, are_all):
                self.left_behind += count
                self._counted_all &= are_all

    def _add(self, count: Count, n: int = 1) -> None:
        self.since.add(count, n, time.time())

    def summary(self, follows_gaps: bool) -> str:
        """Return the counts as one line for people."""
        of = self.since.total
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

    def __init__(
        self, counts: Counts, work: float, blank: Callable[[], Report], show: Observer
    ) -> None:
        """`work` is the seconds that a message takes; `blank` makes empty reports.

        `show` prints an event; the reporter's thread calls it as well.
        """
        self._counts, self._blank = counts, blank
        # Work that is shorter than the time between two reports would flicker on the page.
        self._shows_work = work >= REPORT_INTERVAL
        self._recent = Recent()
        self._last: str | None = None  # the body of the last message
        self._why, self._refused_at = "", -math.inf  # why and when Redis refused last
        self._in_hand: list[str | None] | None = None  # id and body of the message in work
        self._delays_before: Counter[int] = Counter()  # the reset
        self._show = show
        self._reporter = Reporter(lambda reset_at, _: [self.report(reset_at)], self._refused)

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
            case events.Refused(why):
                self._why, self._refused_at = why[:LONGEST_WHY], time.monotonic()
                self._reporter.changed()
            case Ready() | events.Malformed() | events.DeadLetter():
                self._reporter.changed()

    def report(self, reset_at: int) -> Report:
        """Return what was counted since the last reset, of which this tells."""
        since, buckets = self._counts.since, Counter(dict(self._counts.delays.buckets))
        if since.learn(reset_at):
            self._delays_before = buckets
        counts = since.counts()
        # Another program may have sent a number that makes the gap before it huge.
        counts["missed"] = min(counts["missed"] + self._counts.left_behind, LARGEST_SEQ)
        counts["earlier"] = since.of_earlier("received")
        return replace(
            self._blank(),
            reset_at=since.reset_at,
            counts=counts,
            delays={str(bucket): n for bucket, n in (buckets - self._delays_before).items()},
            last=self._last,
            in_hand=self._in_hand,
            refused=self._why if self._is_refused() else "",
            recent=self._recent.take(),
        )

    def _is_refused(self) -> bool:
        """Return whether Redis refuses what the loop asks, which has said so."""
        return time.monotonic() < self._refused_at + REFUSED_FOR

    def _refused(self, why: str) -> None:
        with suppress(OSError):  # the output is closed, as the loop will notice
            if why and not self._is_refused():
                self._show(events.Note(why))

    def close(self) -> None:
        self._reporter.close()
