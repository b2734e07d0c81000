"""This module counts what became of the pieces of a way, and how long it took."""

from collections.abc import Iterable, Sequence

from jobs.work import Piece, State
from pages.jobs.history import after, tries, waited
from pages.jobs.looks import Look

Pair = tuple[float | None, float | None]


def figures(look: Look) -> list[tuple[str, list[float | int | None]]]:
    """Return each figure with its name; those of time in ms, the median and 99th percentile."""
    pieces = look.pieces
    click = _ms(one for one in map(waited, pieces) if one is not None)
    ended = [one for one in pieces if one.state in (State.SUCCESS, State.FAILURE)]
    outcome = _ms(after(one, one.last) for one in ended)
    return [
        ("answer after: half / 99 % in, ms", list(click)),
        ("outcome after: half / 99 % in, ms", list(outcome)),
        ("in hand", [count(pieces, State.STARTED)]),
        ("waiting", [look.waiting]),
        ("done", [count(pieces, State.SUCCESS)]),
        ("failed", [count(pieces, State.FAILURE)]),
        ("lost", [count(pieces, State.UNKNOWN)]),
        ("tried again", [sum(tries(one) > 1 or one.state == State.RETRY for one in pieces)]),
    ]


def count(pieces: Iterable[Piece], state: State) -> int:
    return sum(one.state == state for one in pieces)


def percentile(sorted_values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that so large a share of all values does not exceed."""
    if not sorted_values:
        return None
    rank = -int(-len(sorted_values) * share // 1)  # rounded up
    return sorted_values[max(1, rank) - 1]


def _ms(seconds: Iterable[float]) -> Pair:
    values = sorted(one * 1000 for one in seconds)
    return percentile(values, 0.5), percentile(values, 0.99)
