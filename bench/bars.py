"""Bars: what was measured, what the figure has to be, and whether it is met."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


class SpoiltError(Exception):
    """What was measured is worth nothing, and a sentence why."""


@dataclass(frozen=True)
class Bar:
    """One row of the table; `details` are the figures of each round and what else explains them."""

    measured: str
    figure: str
    bar: str
    is_met: bool
    details: dict[str, Any] = field(default_factory=dict)


def spread(values: Sequence[float]) -> str:
    """Median and range, as `1,234 (1,200–1,300)`."""
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


def table(bars: Sequence[Bar]) -> str:
    """All bars, aligned, one a line."""
    rows = [("measured", "figure: median (range)", "bar", "")]
    rows += [(b.measured, b.figure, b.bar, "met" if b.is_met else "NOT met") for b in bars]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(r, widths, strict=True)) for r in rows
    ]
    return "\n".join(line.rstrip() for line in lines)
