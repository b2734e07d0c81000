"""Which two patterns stand side by side on the front page, and how its links keep them there."""

from collections.abc import Mapping, Sequence
from typing import Any

SIDES = ("left", "right")


def read_columns(names: Sequence[str], asked: Mapping[str, str], clicked: str = "") -> list[str]:
    """Left and right, of these names, as they are asked for; what makes no sense is made up for.

    Whatever was clicked is to be seen. Without a wish the first two names stand there; a name
    without a partner stands with its neighbour.
    """
    left, right = (asked.get(side) if asked.get(side) in names else None for side in SIDES)
    if left and right and left != right and clicked in ("", left, right):
        return [left, right]
    if clicked in names:
        return _pair(names, clicked)
    if left:
        return [left, _neighbour(names, left)]
    return [_neighbour(names, right), right] if right else [*names[:2]]


def _pair(names: Sequence[str], name: str) -> list[str]:
    return sorted((name, _neighbour(names, name)), key=names.index)


def _neighbour(names: Sequence[str], name: str) -> str:
    """The other one of two that stand together: the first with the second, and so on."""
    place = names.index(name) ^ 1
    return names[place] if place < len(names) else names[0]


def as_query(names: Sequence[str], columns: Sequence[str]) -> dict[str, Any]:
    """What a link carries to come back to these columns; nothing for those one sees at first."""
    return {} if [*columns] == [*names[:2]] else dict(zip(SIDES, columns, strict=True))


def choices(names: Sequence[str], columns: Sequence[str], side: int) -> dict[str, dict[str, Any]]:
    """For each pattern the query that puts it onto this side; the two may change places."""
    other = columns[1 - side]
    queries: dict[str, dict[str, Any]] = {}
    for name in names:
        pair = [name, columns[side] if name == other else other]
        queries[name] = as_query(names, pair if side == 0 else pair[::-1])
    return queries
