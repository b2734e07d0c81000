"""The messages that the page shows as moving: each report’s once, by whatever way it came."""

from collections import defaultdict
from collections.abc import Container
from typing import Any

from messaging.reporting.report import Report
from pages.live.wire import Moves

# Moves of a pattern, sent and taken each, that one change tells: 12 messages for 6 listeners.
MOST_MOVES = 72


class Movements:
    """What moved since it was last taken.

    A process numbers its reports and publishes each one once; Redis keeps only the last. So what a
    report tells is shown as soon as it is heard, even if its process is not known yet: when Redis
    is asked about that process, a later report may have replaced this one. A report that was loaded
    before it was heard is not shown again.
    """

    def __init__(self) -> None:
        self._moves: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._heard: dict[str, int] = {}  # by id: the number of the last report heard
        self._loaded: dict[str, set[int]] = defaultdict(set)  # by id: those not heard yet

    def hear(self, report: Report) -> None:
        """Show what a published report tells, unless it was loaded before it was heard."""
        if report.n <= self._heard.get(report.id, 0):
            return
        self._heard[report.id] = report.n
        if report.n not in self._loaded[report.id]:
            self._add(report)
        self._loaded[report.id] = {n for n in self._loaded[report.id] if n > report.n}

    def load(self, report: Report) -> None:
        """Show what a kept report tells, unless it was heard before."""
        if report.n > self._heard.get(report.id, 0) and report.n not in self._loaded[report.id]:
            self._loaded[report.id].add(report.n)
            self._add(report)

    def forget_all_but(self, ids: Container[str]) -> None:
        """Drop what is known of other processes than these."""
        self._heard = {id_: n for id_, n in self._heard.items() if id_ in ids}
        kept = {id_: numbers for id_, numbers in self._loaded.items() if id_ in ids and numbers}
        self._loaded = defaultdict(set, kept)

    def take(self) -> dict[str, Moves]:
        """Return the newest messages sent and taken since the last call, and who left."""
        taken, self._moves = self._moves, defaultdict(lambda: defaultdict(list))
        return {
            pattern: {kind: moves[-MOST_MOVES:] for kind, moves in kinds.items() if moves}  # type: ignore[misc]
            for pattern, kinds in taken.items()
            if any(kinds.values())
        }

    def _add(self, report: Report) -> None:
        moves = self._moves[report.pattern]
        if report.role == "web":
            moves["sent"] += report.recent
        else:
            moves["taken"] += [[*message[:2], report.id] for message in report.recent]
        if report.left:
            moves["left"].append(report.id)
