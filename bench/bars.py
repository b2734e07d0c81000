"""Bars: each is a figure, the limit that it has to meet, and whether it does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
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
    return f"{median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


def compare(measured: str, rates: Sequence[float], others: Sequence[float], least: float) -> Bar:
    """A bar on the ratio of two rates' medians; the ratios of the pairs show its precision."""
    ratio = median(rates) / median(others)
    pairs = [rate / other for rate, other in zip(rates, others, strict=True)]
    figure = (
        f"{spread(rates)} against {spread(others)}: {ratio:.3f}, "
        f"pairs {min(pairs):.3f}–{max(pairs):.3f}"
    )
    details = {"rates": rates, "others": others, "ratio": ratio, "pairs": pairs}
    return Bar(measured, figure, f"at least {least:.2f}", ratio >= least, details)


def table(bars: Sequence[Bar]) -> str:
    """The table of all bars, with aligned columns."""
    rows = [("measured", "figure: median (range)", "bar", "")]
    rows += [(b.measured, b.figure, b.bar, "met" if b.is_met else "NOT met") for b in bars]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = (map(str.ljust, row, widths) for row in rows)
    return "\n".join("  ".join(cells).rstrip() for cells in padded)
