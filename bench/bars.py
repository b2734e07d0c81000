"""Bars: what was measured, what the figure has to be, and whether it is met."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
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

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Median and range, as `1,234 (1,200–1,300)`."""
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share (0 to 1) of them did not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def table(bars: Sequence[Bar]) -> str:
    """All bars, aligned, one a line."""
    rows = [("measured", "figure: median (range)", "bar", "")]
    rows += [(b.measured, b.figure, b.bar, "met" if b.is_met else "NOT met") for b in bars]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(r, widths, strict=True)) for r in rows
    ]
    return "\n".join(line.rstrip() for line in lines)
