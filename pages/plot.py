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
Place = tuple[float, float]


@dataclass(frozen=True)
class Chart:
    title: str
    names: tuple[str, ...]  # of the lines
    paths: tuple[str, ...]
    dots: tuple[tuple[Place, ...], ...]  # of each line, the points that stand alone
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
    gaps: Sequence[float],
    is_log: bool = False,
    longest: float = 0.0,
) -> list[Chart]:
    """A chart for each of the runs, all on the same scales: they are to be compared.

    `gaps`: of each run, after how many seconds its lines are broken. The axis of time goes to
    the `longest` second at least.
    """
    values = [v for points in runs for row in points for v in row[1:] if v is not None]
    across = linear(max(longest, last_second(runs)) or 1, LEFT, RIGHT)
    up = (
        decades(values, BOTTOM, TOP) if is_log else linear(max(values, default=1) or 1, BOTTOM, TOP)
    )
    return [
        _chart(title, names, points, longest_gap, across, up)
        for points, longest_gap in zip(runs, gaps, strict=True)
    ]


def _chart(
    title: str, names: tuple[str, ...], points: Points, longest_gap: float, across: Scale, up: Scale
) -> Chart:
    lines = [_parts(points, n + 1, longest_gap, across, up) for n in range(len(names))]
    told = "; ".join(_told(name, points, n + 1) for n, name in enumerate(names))
    return Chart(
        title,
        names,
        paths=tuple("".join(map(_path, parts)) for parts in lines),
        dots=tuple(tuple(part[0] for part in parts if len(part) == 1) for parts in lines),
        across=across.drawn(),
        up=up.drawn(),
        words=f"{title}: {told}",
    )


def last_second(runs: Iterable[Points]) -> float:
    """Of all points."""
    return max((row[0] or 0 for points in runs for row in points), default=0)


def gap(charts: Iterable[Points]) -> float:
    """Seconds without a point after which the lines of a cell are broken.

    All its charts have the same intervals, but one may lack many: the densest one tells.
    """
    seconds = [[row[0] for row in points if row[0] is not None] for points in charts]
    steps = [[after - before for before, after in pairwise(one)] for one in seconds]
    return max(GAP, SPACINGS * min((median(one) for one in steps if one), default=0))


def _parts(
    points: Points, column: int, longest_gap: float, across: Scale, up: Scale
) -> list[list[Place]]:
    """The line of one column, in parts: it is broken where nothing was measured."""
    parts: list[list[Place]] = []
    last = -math.inf
    for row in points:
        second, value = row[0], row[column] if column < len(row) else None
        if second is None or value is None:
            last = -math.inf
            continue
        if second - last > longest_gap:
            parts.append([])
        parts[-1].append((across.at(second), up.at(value)))
        last = second
    return parts


def _path(part: list[Place]) -> str:
    """Nothing for a point that stands alone: that is a dot."""
    return "M" + "L".join(f"{x} {y}" for x, y in part) if len(part) > 1 else ""


def _told(name: str, points: Points, column: int) -> str:
    values = [row[column] for row in points if column < len(row)]
    known = [value for value in values if value is not None]
    if not known:
        return f"{name} not measured"
    return f"{name} from {quantity(min(known))} to {quantity(max(known))}"
