"""This module says what each pattern costs: its rate and its delay, beside those of prodcons.

python -m pages.compare.cost [short] prints the tables of the two documents.
"""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pages.compare.measures import spread
from pages.compare.results import REFERENCE, Cell, Figure, Run, read_run
from pages.words import quantity

MEASURE = "prodcons"  # what the others are compared with
SOUND = ("kept", "allowed")  # the verdicts with which figures say something of a pattern
DELIVERED = ("attempted", "received", "lost", "left", "delay_max_ms")


@dataclass(frozen=True)
class Price:
    """A figure of one pattern in words; `ratio` is its median divided by that of prodcons."""

    median: str
    range: str  # empty where all runs agree
    ratio: str  # empty where there is none


@dataclass(frozen=True)
class Cost:
    title: str  # of the pattern
    hearers: int  # how many listeners each message is delivered to; 0: not measured
    killed: Cell | None  # what reliability is: what is lost when a listener is killed
    prices: list[Price]  # in the order of COLUMNS


def rate(cell: Cell) -> Figure | None:
    """Return messages/s until the last one was received; None unless all were received."""
    attempted, _, lost, left, longest = (cell.figures.get(name) for name in DELIVERED)
    if not (attempted and lost and left and longest) or lost.high or left.high:
        return None
    if not (longest.low and math.isfinite(longest.high)):
        return None
    times = (longest.median, longest.high, longest.low)  # the longest time is the lowest rate
    return Figure(*(1000 * attempted.median / time for time in times))


def delay(name: str, cell: Cell) -> Figure | None:
    return cell.figures.get(name)


# The title of a figure, its unit, the scenario that measures it, and how.
COLUMNS: tuple[tuple[str, str, str, Callable[[Cell], Figure | None]], ...] = (
    ("Messages/s", "", "burst", rate),
    ("Delay, median", " ms", "steady", partial(delay, "delay_p50_ms")),
    ("Delay, 99 %", " ms", "steady", partial(delay, "delay_p99_ms")),
)


def costs(run: Run) -> list[Cost]:
    """Return the cost of each pattern of a run, where at least one figure was measured."""
    found = []
    for name, pattern in run.patterns.items():
        prices = [_price(run, name, column) for column in range(len(COLUMNS))]
        if any(price.median != "–" for price in prices):
            killed = run.cell("killed", name)
            found.append(Cost(pattern["title"], _hearers(run, name), killed, prices))
    return found


def _price(run: Run, pattern: str, column: int) -> Price:
    one, first = (_figure(run, name, column) for name in (pattern, MEASURE))
    if not one:
        return Price("–", "", "")
    median, low_to_high = spread(one)
    is_known = first and first.median and math.isfinite(one.median + first.median)
    ratio = quantity(one.median / first.median) if first and is_known else ""
    unit = COLUMNS[column][1] if math.isfinite(one.median) else ""
    return Price(f"{median}{unit}", low_to_high, ratio)


def _figure(run: Run, pattern: str, column: int) -> Figure | None:
    """Return a figure of a cell that says something of its pattern, or None."""
    _, _, scenario, measured = COLUMNS[column]
    cell = run.cell(scenario, pattern)
    return measured(cell) if cell and cell.verdict in SOUND else None


def _hearers(run: Run, pattern: str) -> int:
    cell = run.cell("burst", pattern)
    sent, received = (cell.figures.get(name) if cell else None for name in DELIVERED[:2])
    return round(received.median / sent.median) if sent and sent.median and received else 0


def markdown(run: Run, is_short: bool) -> str:
    """A row for each pattern; the short table has no ranges and no slowest hundredth."""
    columns = COLUMNS[:2] if is_short else COLUMNS
    titles = ["", "a listener is killed", *(title.lower() for title, *_ in columns)]
    lines = [f"| {' | '.join(titles)} |".replace("|  |", "| |", 1)]
    lines.append("|---" * 2 + "|--:" * len(columns) + "|")
    for cost in costs(run):
        row = [
            cost.title,
            _kept(cost.killed),
            *(_told(one, is_short) for one in cost.prices[: len(columns)]),
        ]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def _kept(cell: Cell | None) -> str:
    """Write the words of a cell, after its verdict and with the reasons if it is not sound."""
    if not cell:
        return "–"
    reasons = " ".join(cell.broken).replace("|", "\\|")
    return cell.words if cell.verdict in SOUND else f"{cell.verdict}: {cell.words}. {reasons}"


def _told(price: Price, is_short: bool) -> str:
    """Write the figure, its range, and the ratio in bold."""
    low_to_high = f" ({price.range})" if price.range and not is_short else ""
    ratio = f", **× {price.ratio}**" if price.ratio else ""
    return f"{price.median}{low_to_high}{ratio}"


if __name__ == "__main__":
    print(markdown(read_run(REFERENCE), sys.argv[1:] == ["short"]))
