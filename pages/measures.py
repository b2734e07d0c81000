"""What the lab's figures are called, in groups, and the charts it draws of a cell."""

from collections.abc import Sequence

from pages.plot import Chart, draw, gap, last_second
from pages.results import Cell
from pages.words import quantity

GROUPS = {
    "What became of the messages": {
        "attempted": "attempted",
        "acknowledged": "acknowledged by Redis",
        "refused": "refused: not sent",
        "unknown": "unknown: the reply was lost",
        "unnamed": "unknown, and their numbers too",
        "received": "received",
        "left": "left waiting in the end",
        "lost": "lost",
        "lost_beginning": "of these at the beginning",
        "lost_middle": "of these in the middle",
        "lost_end": "of these at the end",
        "duplicated": "repeats",
        "unexpected": "received, but never sent",
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
        "noticed_sender_s": "until the sender noticed, s",
        "noticed_listener_s": "until the listener noticed, s",
        "tries": "tries",
        "longest_queue": "longest queue, messages",
        "redis_memory_mib": "memory of Redis, MiB",
    },
}
PARTS = ("lost_beginning", "lost_middle", "lost_end")  # of what was lost
NOTICED = {"noticed_sender_s", "noticed_listener_s"}  # one end may, and the other never
KNOWN = {name for group in GROUPS.values() for name in group}

# Name, title, lines, whether its scale is logarithmic.
CHARTS = (
    ("delay", "Delay, ms", ("median", "longest"), True),
    ("rates", "Messages/s", ("sent", "received"), False),
    ("length", "Messages waiting", ("waiting",), False),
)

Row = tuple[str, list[tuple[str, str]]]  # its name; median and range of each cell


def table(cells: Sequence[Cell]) -> dict[str, list[Row]]:
    """The figures of cells side by side, in groups; what none of them measured is left out."""
    measured = {name for cell in cells for name in cell.figures}
    if not any(cell.figures["lost"].high for cell in cells if "lost" in cell.figures):
        measured -= set(PARTS)
    if measured & NOTICED:
        measured |= NOTICED
    rest = {name: name.replace("_", " ") for name in sorted(measured - KNOWN)}
    groups = {**GROUPS, "The rest": GROUPS["The rest"] | rest}
    told = {
        title: [
            (label, [_told(cell, name) for cell in cells])
            for name, label in names.items()
            if name in measured
        ]
        for title, names in groups.items()
    }
    return {title: rows for title, rows in told.items() if rows}


def charts(cells: Sequence[Cell]) -> list[list[Chart]]:
    """The charts of each cell; one is left out where none of the cells has it."""
    kinds = [kind for kind in CHARTS if any(cell.charts.get(kind[0]) for cell in cells)]
    longest = last_second(cell.charts.get(kind[0], []) for cell in cells for kind in kinds)
    gaps = [gap(cell.charts.values()) for cell in cells]
    drawn = [
        draw(title, names, [cell.charts.get(name, []) for cell in cells], gaps, is_log, longest)
        for name, title, names, is_log in kinds
    ]
    return [[runs[n] for runs in drawn] for n in range(len(cells))]


def _told(cell: Cell, name: str) -> tuple[str, str]:
    """The median, and the range where there is one."""
    figure = cell.figures.get(name)
    if figure is None:
        return "not noticed" if name in NOTICED and NOTICED & cell.figures.keys() else "–", ""
    low, high = quantity(figure.low), quantity(figure.high)
    return quantity(figure.median), "" if low == high else f"{low}–{high}"
