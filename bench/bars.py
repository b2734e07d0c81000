"""Bars: each is a figure, the limit that it has to meet, and whether it does."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


class SpoiltError(Exception):
    """The measurement is not valid; the message says why."""


@dataclass(frozen=True)
class Bar:
    """A row of the table; `details` has the figures of each round, for the JSON file."""

    measured: str
    figure: str
    bar: str
    is_met: bool
    details: dict[str, Any] = field(default_factory=dict)


def spread(values: Sequence[float]) -> str:
    """Median and range, as `1,234 (1,200–1,300)`."""
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


def table(bars: Sequence[Bar]) -> str:
    """The table of all bars, with aligned columns."""
    rows = [("measured", "figure: median (range)", "bar", "")]
    rows += [(b.measured, b.figure, b.bar, "met" if b.is_met else "NOT met") for b in bars]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(r, widths, strict=True)) for r in rows
    ]
    return "\n".join(line.rstrip() for line in lines)
