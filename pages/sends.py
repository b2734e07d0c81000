"""What this web process has sent, counted in memory where it was sent."""

import os
from collections import Counter
from collections.abc import Iterable

from messaging.message import OURS, Message
from messaging.report import RECENT, Report, identity
from messaging.reporting import Recent
from messaging.sending import Said


class Sends:
    """Counts what a Sender tells; the Sender does so for one send after the other."""

    def __init__(self, patterns: Iterable[str]) -> None:
        name = f"{OURS}{os.getpid()}"
        self._blanks = {pattern: identity(pattern, "web", name) for pattern in patterns}
        self._counts: dict[str, Counter[str]] = {pattern: Counter() for pattern in patterns}
        self._recent = {pattern: Recent() for pattern in patterns}

    def add(self, pattern: str, messages: list[Message], said: Said | None) -> None:
        counts = self._counts[pattern]
        if said is None:
            counts["unknown"] += len(messages)
            return
        counts["sent"] += len(messages)
        if isinstance(said, list):
            counts["deliveries"] += sum(said)
            counts["unheard"] += said.count(0)
        newest = messages[-RECENT:]
        reached = said[-RECENT:] if isinstance(said, list) else [None] * len(newest)
        for message, listeners in zip(newest, reached, strict=True):
            self._recent[pattern].add(message, listeners)

    def reports(self) -> list[Report]:
        """One a pattern."""
        reports = []
        for pattern, blank in self._blanks.items():
            report = blank()
            report.counts = dict(self._counts[pattern])
            report.recent = self._recent[pattern].take()
            reports.append(report)
        return reports
