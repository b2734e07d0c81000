"""This module decides which two patterns the front page shows, and keeps them in its links."""

from collections.abc import Mapping, Sequence

from patterns import FIRST_TWO, PATTERNS

SIDES = ("left", "right")
NAMES = [*PATTERNS]


def read_columns(asked: Mapping[str, str], clicked: str = "") -> list[str]:
    """Return the names of the left and the right pattern.

    `asked` may name them as «left» and «right», and the `clicked` pattern is always one of them.
    One that is named alone gets its neighbour; without a known name they are the first two.
    """
    left, right = (asked.get(side) if asked.get(side) in NAMES else None for side in SIDES)
    if left and right and left != right and clicked in ("", left, right):
        return [left, right]
    if clicked in NAMES:
        return pair_of(clicked)
    if left:
        return [left, _neighbour(left)]
    return [_neighbour(right), right] if right else [*FIRST_TWO]


def pair_of(name: str) -> list[str]:
    """Return the left and the right column when a pattern is shown beside its neighbour."""
    return sorted((name, _neighbour(name)), key=NAMES.index)


def _neighbour(name: str) -> str:
    """Return the partner of a pattern: the first and the second are partners, and so on."""
    place = NAMES.index(name) ^ 1
    return NAMES[place] if place < len(NAMES) else NAMES[0]  # for the last one of an odd number


def as_query(columns: Sequence[str]) -> dict[str, str]:
    """Return the query that leads back to these columns; the first two patterns need none."""
    return {} if tuple(columns) == FIRST_TWO else dict(zip(SIDES, columns, strict=True))


def choices(columns: Sequence[str], side: int) -> dict[str, dict[str, str]]:
    """Return for each pattern the query that puts it on this side; columns may change places."""
    queries = {}
    for name in NAMES:
        swap = {name: columns[side], columns[side]: name}
        queries[name] = as_query([swap.get(one, one) for one in columns])
    return queries
