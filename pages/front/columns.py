"""Which two patterns stand side by side on the front page, and how its links keep them there."""

from collections.abc import Mapping, Sequence

from patterns import FIRST_TWO, PATTERNS

SIDES = ("left", "right")
NAMES = [*PATTERNS]


def read_columns(asked: Mapping[str, str], clicked: str = "") -> list[str]:
    """Left and right, as they are asked for; what makes no sense is made up for.

    Whatever was clicked is to be seen. Without a wish the first two patterns stand there; a pattern
    without a partner stands with its neighbour.
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
    """The two columns in which a pattern stands with its neighbour."""
    return sorted((name, _neighbour(name)), key=NAMES.index)


def _neighbour(name: str) -> str:
    """The other one of two that stand together: the first with the second, and so on."""
    place = NAMES.index(name) ^ 1
    return NAMES[place] if place < len(NAMES) else NAMES[0]


def as_query(columns: Sequence[str]) -> dict[str, str]:
    """What a link carries to come back to these columns; nothing for those one sees at first."""
    return {} if tuple(columns) == FIRST_TWO else dict(zip(SIDES, columns, strict=True))


def choices(columns: Sequence[str], side: int) -> dict[str, dict[str, str]]:
    """For each pattern the query that puts it onto this side; the two may change places."""
    other = columns[1 - side]
    queries = {}
    for name in NAMES:
        pair = [name, columns[side] if name == other else other]
        queries[name] = as_query(pair if side == 0 else pair[::-1])
    return queries
