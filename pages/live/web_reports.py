"""A web process counts what it sends, and reports it as listeners report what they receive."""

import os
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from messaging.message import OURS, Message
from messaging.reporting.report import RECENT, Count, Report, report_factory
from messaging.reporting.reporter import HEARTBEAT_INTERVAL, Recent
from messaging.sending.answers import Length, Reached
from messaging.sending.sender import Outcome, OutcomeUnknown


class WebReports:
    """The counts of this web process; who sends calls `on_sent`, the reporter calls `describe`."""

    def __init__(self, patterns: Iterable[str]) -> None:
        name = f"{OURS}{os.getpid()}"
        self._blanks = {pattern: report_factory(pattern, "web", name) for pattern in patterns}
        self._counts: dict[str, Counter[Count]] = {pattern: Counter() for pattern in patterns}
        self._recent = {pattern: Recent() for pattern in patterns}
        self._reported: dict[str, dict[Count, int]] = {}
        self._all_due = 0.0  # when all patterns are reported next, by the monotonic clock

    def on_sent(self, pattern: str, messages: list[Message], answer: Outcome) -> None:
        """Count a send."""
        counts, newest = self._counts[pattern], messages[-RECENT:]
        match answer:
            case OutcomeUnknown():
                counts["unknown"] += len(messages)
                return
            case Length():
                reached: list[int | None] = [None] * len(newest)
            case Reached(listeners):
                counts["deliveries"] += sum(listeners)
                counts["unheard"] += listeners.count(0)
                reached = [*listeners[-RECENT:]]
            case _:
                assert_never(answer)
        counts["sent"] += len(messages)
        for message, listeners_reached in zip(newest, reached, strict=True):
            self._recent[pattern].add(message, listeners_reached)

    def describe(self, is_last: bool = False) -> list[Report]:
        """Return a report for each pattern whose counts changed; once a second, and last, for all.

        A report of all shows that this process lives, and repeats counts that did not arrive.
        """
        reports, now = [], time.monotonic()
        is_all_due = is_last or now >= self._all_due
        if is_all_due:
            self._all_due = now + HEARTBEAT_INTERVAL
        for pattern, blank in self._blanks.items():
            counts, recent = dict(self._counts[pattern]), self._recent[pattern].take()
            if is_all_due or recent or counts != self._reported.get(pattern):
                self._reported[pattern] = counts
                reports.append(replace(blank(), counts=counts, recent=recent))
        return reports
