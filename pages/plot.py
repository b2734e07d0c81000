"""Where the lines, ticks and words of a chart stand; templates/chart.html draws them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pages.results import Points
from pages.words import quantity

WIDTH, HEIGHT = 340, 190  # units of the drawing; at 100 % about pixels
LEFT, RIGHT, TOP, BOTTOM = 50, 322, 26, 152  # edges of the field in it
GAP = 0.6  # seconds without a point, at least, where the line is broken
SPACINGS = 2.5  # the same, in usual distances between two points
STEPS = (1, 2, 5, 10)
TICKS = 4  # at most, beside the zero

Tick = tuple[float, str]


@dataclass(frozen=True)
class Chart:
    title: str
    names: tuple[str, ...]  # of the lines
    paths: tuple[str, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    words: str  # the same, for those who do not see it


@dataclass(frozen=True)
class Scale:
    """From a value to where it stands."""

    ticks: tuple[float, ...]
    start: float
    end: float
    is_log: bool = False

    def at(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        if self.is_log:
            value, low, high = (math.log10(max(one, self.ticks[0])) for one in (value, low, high))
        share = (value - low) / (high - low)
        return round(self.start + share * (self.end - self.start), 1)

    def drawn(self) -> tuple[Tick, ...]:
        return tuple((self.at(tick), compact(tick)) for tick in self.ticks)


def compact(value: float) -> str:
    """As short as an axis needs it."""
    return f"{value / 1000:,g}k" if value >= 100_000 else quantity(value)


def linear(highest: float, start: float, end: float) -> Scale:
    """From 0 to a round number that is not less than the highest value."""
    least = max(highest, 1e-3) / TICKS
    power = 10.0 ** math.floor(math.log10(least))
    step = next(one * power for one in STEPS if one * power >= least * 0.999)
    count = max(1, math.ceil(highest / step - 1e-9))
    return Scale(tuple(step * n for n in range(count + 1)), start, end)


def decades(values: Iterable[float], start: float, end: float) -> Scale:
    """From the power of ten below all values to the one above; what is 0 stands at the bottom."""
    positive = [value for value in values if value > 0] or [1.0]
    low = math.floor(math.log10(min(positive)))
    high = max(low + 1, math.ceil(math.log10(max(positive))))
    return Scale(tuple(10.0**power for power in range(low, high + 1)), start, end, is_log=True)


def draw(
    title: str,
    names: tuple[str, ...],
    runs: Sequence[Points],
    is_log: bool = False,
    longest: float = 0.0,
) -> list[Chart]:
    """A chart for each of the runs, all on the same scales: they are to be compared.

    The axis of time goes to the `longest` second at least.
    """
    values = [v for points in runs for row in points for v in row[1:] if v is not None]
    across = linear(max(longest, last_second(runs)) or 1, LEFT, RIGHT)
    up = (
        decades(values, BOTTOM, TOP) if is_log else linear(max(values, default=1) or 1, BOTTOM, TOP)
    )
    return [
        Chart(
            title,
            names,
            tuple(_path(points, n + 1, across, up) for n in range(len(names))),
            across.drawn(),
            up.drawn(),
            f"{title}: {'; '.join(_told(name, points, n + 1) for n, name in enumerate(names))}",
        )
        for points in runs
    ]


def last_second(runs: Iterable[Points]) -> float:
    """Of all points."""
    return max((row[0] or 0 for points in runs for row in points), default=0)


def _gap(points: Points) -> float:
    """Seconds without a point after which the line is broken."""
    seconds = [row[0] for row in points if row[0] is not None]
    steps = [after - before for before, after in pairwise(seconds)]
    return max(GAP, SPACINGS * median(steps)) if steps else GAP


def _path(points: Points, column: int, across: Scale, up: Scale) -> str:
    """The line of one column; a point that stands alone is a dot (with round ends)."""
    parts, last, gap = [], -math.inf, _gap(points)
    for row in points:
        second, value = row[0], row[column] if column < len(row) else None
        if second is None or value is None:
            last = -math.inf
            continue
        place = f"{across.at(second)} {up.at(value)}"
        parts.append(f"L{place}" if second - last <= gap else f"M{place}h0")
        last = second
    return "".join(parts)


def _told(name: str, points: Points, column: int) -> str:
    values = [row[column] for row in points if column < len(row)]
    known = [value for value in values if value is not None]
    if not known:
        return f"{name} not measured"
    return f"{name} from {quantity(min(known))} to {quantity(max(known))}"
