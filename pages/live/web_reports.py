"""A web process counts what it sends, and reports it as listeners report what they receive."""

import os
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import assert_never

from messaging.message import OURS, Message
from messaging.reporting.report import RECENT, Count, Report, report_factory
from messaging.reporting.reporter import HEARTBEAT_INTERVAL, Recent
from messaging.reporting.since import Since
from messaging.sending.answers import Length, Reached
from messaging.sending.sender import Outcome, OutcomeUnknown


class WebReports:
    """The counts of this web process; who sends calls `on_sent`, the reporter calls `describe`."""

    def __init__(self, patterns: Iterable[str]) -> None:
        name = f"{OURS}{os.getpid()}"
        self._blanks = {pattern: report_factory(pattern, "web", name) for pattern in patterns}
        self._counts = {pattern: Since() for pattern in patterns}
        self._recent = {pattern: Recent() for pattern in patterns}
        self._reported: dict[str, tuple[int, dict[Count, int]]] = {}
        self._all_due = 0.0  # when all patterns are reported next, by the monotonic clock

    def on_sent(self, pattern: str, messages: list[Message], answer: Outcome) -> None:
        """Count a send."""
        add = partial(self._counts[pattern].add, sent=messages[0].sent or 0.0)
        newest = messages[-RECENT:]
        match answer:
            case OutcomeUnknown():
                add("unknown", len(messages))
                return
            case Length():
                reached: list[int | None] = [None] * len(newest)
            case Reached(listeners):
                add("deliveries", sum(listeners))
                add("unheard", listeners.count(0))
                reached = [*listeners[-RECENT:]]
            case _:
                assert_never(answer)
        add("sent", len(messages))
        for message, listeners_reached in zip(newest, reached, strict=True):
            self._recent[pattern].add(message, listeners_reached)

    def describe(self, reset_at: int = 0, is_last: bool = False) -> list[Report]:
        """Return a report for each pattern whose counts changed; once a second, and last, for all.

        A report of all shows that this process lives, and repeats counts that did not arrive.
        """
        reports, now = [], time.monotonic()
        is_all_due = is_last or now >= self._all_due
        if is_all_due:
            self._all_due = now + HEARTBEAT_INTERVAL
        for pattern, blank in self._blanks.items():
            since, recent = self._counts[pattern], self._recent[pattern].take()
            since.learn(reset_at)
            told = since.reset_at, since.counts()
            if is_all_due or recent or told != self._reported.get(pattern):
                self._reported[pattern] = told
                report = replace(blank(), counts=told[1], recent=recent, reset_at=told[0])
                reports.append(report)
        return reports
