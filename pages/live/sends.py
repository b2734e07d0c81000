"""What this web process has sent, counted in memory where it was sent."""

import os
import time
from collections import Counter
from collections.abc import Iterable
from typing import assert_never

from messaging.message import OURS, Message
from messaging.reporting.report import RECENT, Report, identity
from messaging.reporting.reporter import HEARTBEAT, Recent
from messaging.sending.answers import Answer, Length, Reached
from messaging.sending.sender import Unknown


class Sends:
    """Counts what a Sender tells; the Sender does so for one send after the other."""

    def __init__(self, patterns: Iterable[str]) -> None:
        name = f"{OURS}{os.getpid()}"
        self._blanks = {pattern: identity(pattern, "web", name) for pattern in patterns}
        self._counts: dict[str, Counter[str]] = {pattern: Counter() for pattern in patterns}
        self._recent = {pattern: Recent() for pattern in patterns}
        self._reported: dict[str, dict[str, int]] = {}
        self._all_due = 0.0  # when all patterns are reported next, by the steady clock

    def add(self, pattern: str, messages: list[Message], answer: Answer | Unknown) -> None:
        counts, newest = self._counts[pattern], messages[-RECENT:]
        match answer:
            case Unknown():
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

    def tell_all(self) -> None:
        """Report all patterns next time, for it is the last time."""
        self._all_due = 0.0

    def reports(self) -> list[Report]:
        """One a pattern whose counts changed; once a second one of each, as a sign of life.

        So what was reported in vain is reported again.
        """
        reports, now = [], time.monotonic()
        is_all_due = now >= self._all_due
        if is_all_due:
            self._all_due = now + HEARTBEAT
        for pattern, blank in self._blanks.items():
            counts, recent = dict(self._counts[pattern]), self._recent[pattern].take()
            if not (is_all_due or recent) and counts == self._reported.get(pattern):
                continue
            self._reported[pattern] = counts
            report = blank()
            report.counts, report.recent = counts, recent
            reports.append(report)
        return reports
