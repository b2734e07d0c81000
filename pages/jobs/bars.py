"""This module draws the history of a piece as a bar in time, which begins when it was asked for."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from jobs.work import Piece, State
from pages.jobs.history import after, waited

STEPS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)  # and ten times these, and so on
SHORTEST_SCALE = 0.02  # seconds
LONGEST_OPEN = 60.0  # seconds that what has no end yet may stretch the scale
FILLED = 0.94  # of the width; behind it there is room for the sign at the end
THINNEST = 0.5  # percent of the width, so that one sees it
AFTER = {
    State.PENDING: "waits",
    State.STARTED: "works",
    State.RETRY: "again",
    State.UNKNOWN: "unknown",
}
SIGNS = {State.SUCCESS: "✓", State.FAILURE: "✗", State.UNKNOWN: "?"}


@dataclass(frozen=True)
class Stretch:
    """A stretch of a bar, in percent of the width; one that goes on has the second it began."""

    kind: str
    x: float
    width: float
    since: float | None = None


@dataclass(frozen=True)
class Bar:
    """A bar: how long the person waits, what becomes of the work meanwhile, and how that ends."""

    person: Stretch | None
    work: tuple[Stretch, ...]
    sign: str  # empty before the end
    end: float  # percent
    age: float | None  # seconds since it was asked for, where something goes on


def scale_of(pieces: Iterable[Piece], now: float) -> float:
    """Return the seconds that all bars of a page are wide, so that one may compare them."""
    longest = max([SHORTEST_SCALE, *(_length(one, now) for one in pieces)])
    ten = 10.0 ** math.floor(math.log10(longest))
    return next(step * ten for step in STEPS if step * ten >= longest * 0.999)


def full(scale: float) -> float:
    """Return the seconds of the whole width, where bars fill only the first part of it."""
    return scale / FILLED


def bar_of(piece: Piece, scale: float, now: float) -> Bar:
    """Return the bar of a piece."""
    age, width = max(0.0, now - piece.work.asked), full(scale)

    def stretch(kind: str, begin: float, end: float | None) -> Stretch:
        x = min(100.0, begin / width * 100)
        until = min(100.0, (age if end is None else end) / width * 100)
        since = begin if end is None else None
        return Stretch(kind, round(x, 2), round(max(THINNEST, until - x), 2), since)

    work, begin, kind = [], 0.0, "waits"
    if piece.work.due:
        due = piece.work.due - piece.work.asked
        work.append(stretch("later", 0.0, min(due, age)))
        begin = due
    for event in piece.events:
        at = after(piece, event)
        if at > begin or (kind == "works" and event.state != State.UNKNOWN):
            is_broken = kind == "works" and event.state == State.STARTED
            work.append(stretch("broken" if is_broken else kind, begin, at))
        begin, kind = at, AFTER.get(event.state, "")
    if kind == "unknown":
        work.append(stretch(kind, begin, min(age, scale)))
    elif kind and begin <= age:
        work.append(stretch(kind, begin, None))
    end = min(FILLED * 100, max((one.x + one.width for one in work), default=0.0))
    answer = waited(piece)
    goes_on = not piece.state.is_final
    person = stretch("person", 0.0, answer) if answer is not None or goes_on else None
    sign = SIGNS.get(piece.state, "")
    return Bar(person, tuple(work), sign, round(end, 2), age if goes_on else None)


def _length(piece: Piece, now: float) -> float:
    """Return the seconds of its bar."""
    known = max(after(piece, piece.last), waited(piece) or 0.0)
    open_until = 0.0 if piece.state.is_final else min(LONGEST_OPEN, now - piece.work.asked)
    return max(known, open_until)
