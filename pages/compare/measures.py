"""This module labels the figures and charts of cells, and puts the cells side by side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pages.compare.results import NEVER, Cell, Figure, Points
from pages.words import quantity

GROUPS = {
    "What became of the messages": {
        "attempted": "attempted",
        "acknowledged": "acknowledged by Redis",
        "refused": "refused: not sent",
        "unknown": "unknown: the reply was lost",
        "unnamed": "unknown, and their numbers too",
        "received": "received",
        "dead": "put aside as dead letters",
        "left": "left waiting in the end",
        "unacknowledged": "received, and not acknowledged in the end",
        "lost": "lost",
        "lost_beginning": "of these at the beginning",
        "lost_middle": "of these in the middle",
        "lost_end": "of these at the end",
        "duplicated": "repeats",
        "unexpected": "received, but never sent",
        "altered": "received with another body",
        "recovered": "unknown, yet received",
        "backwards": "steps backwards",
        "skipped": "steps over one or more",
    },
    "Delays": {
        "delay_p50_ms": "sent to received, median, ms",
        "delay_p90_ms": "sent to received, 90 %, ms",
        "delay_p99_ms": "sent to received, 99 %, ms",
        "delay_p999_ms": "sent to received, 99.9 %, ms",
        "delay_max_ms": "sent to received, longest, ms",
        "send_delay_p50_ms": "sending itself, median, ms",
        "send_delay_p99_ms": "sending itself, 99 %, ms",
    },
    "The rest": {
        "rate_per_s": "received, messages/s",
        "sent_per_s": "sent, messages/s",
        "late_max_ms": "sent after it was due, at most, ms",
        "fault_s": "faults lasted, s",
        "lag_ms": "the lab waited for a processor, at most, ms",
        "noticed_sender_s": "until the sender noticed, s",
        "noticed_listener_s": "until the listener noticed, s",
        "tries": "tries",
        "longest_queue": "longest queue, messages",
        "redis_memory_mib": "memory of Redis, MiB",
    },
}
PARTS = ("lost_beginning", "lost_middle", "lost_end")  # where `lost` happened
# Where only one end noticed, the table shows both, so that the other one reads «not noticed».
NOTICED = {"noticed_sender_s", "noticed_listener_s"}

Row = tuple[str, list[tuple[str, str]]]  # label; (median, range) of each cell


@dataclass(frozen=True)
class Chart:
    """A chart holds the points of all cells; static/compare/cell.js draws it once for each."""

    name: str
    title: str
    lines: tuple[str, ...]
    is_logarithmic: bool = False
    points: Sequence[Points] = ()  # of each cell
    words: Sequence[str] = ()  # for each cell a sentence with the range of each line


CHARTS = (
    Chart("delay", "Delay, ms", ("median", "longest"), is_logarithmic=True),
    Chart("rates", "Messages/s", ("sent", "received")),
    Chart("length", "Messages waiting", ("waiting",)),
)


def table(cells: Sequence[Cell]) -> dict[str, list[Row]]:
    """Return the figures of cells side by side, by group, without those that no cell has."""
    measured = {name for cell in cells for name in cell.figures}
    if not any(cell.figures["lost"].high for cell in cells if "lost" in cell.figures):
        measured -= set(PARTS)
    if measured & NOTICED:
        measured |= NOTICED
    told = {
        title: [
            (label, [_told(cell, name) for cell in cells])
            for name, label in names.items()
            if name in measured
        ]
        for title, names in GROUPS.items()
    }
    return {title: rows for title, rows in told.items() if rows}


def charts(cells: Sequence[Cell]) -> list[Chart]:
    """Return the charts for which at least one of the cells has points."""
    found = []
    for chart in CHARTS:
        points = [cell.charts.get(chart.name, []) for cell in cells]
        if any(points):
            words = [_ranges(chart.lines, one) for one in points]
            found.append(replace(chart, points=[_finite(one) for one in points], words=words))
    return found


def _finite(points: Points) -> Points:
    """Leave out what is infinite, which no chart can draw and no JSON can hold."""
    return [[None if value == math.inf else value for value in row] for row in points]


def _ranges(lines: Sequence[str], points: Points) -> str:
    """Say the range of each line, as in «median from 0.4 to 12; longest not measured»."""
    parts = []
    for column, line in enumerate(lines, 1):
        known = [v for row in points for v in row[column : column + 1] if v is not None]
        span = f"from {in_words(min(known))} to {in_words(max(known))}" if known else "not measured"
        parts.append(f"{line} {span}")
    return "; ".join(parts)


def _told(cell: Cell, name: str) -> tuple[str, str]:
    """Return a figure's median and its range; the range is empty where all runs agree."""
    figure = cell.figures.get(name)
    if figure is None:
        return "not noticed" if name in NOTICED and NOTICED & cell.figures.keys() else "–", ""
    return spread(figure)


def spread(figure: Figure) -> tuple[str, str]:
    """Return the median and the range of a figure; the range is empty where all runs agree."""
    low, high = in_words(figure.low), in_words(figure.high)
    return in_words(figure.median), "" if low == high else f"{low}–{high}"


def in_words(value: float) -> str:
    return NEVER if value == math.inf else quantity(value)
