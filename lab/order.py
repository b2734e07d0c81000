"""Says in which order a backlog came out."""

from collections.abc import Sequence
from itertools import chain, pairwise

from lab.history import History


def backlog_order(history: History) -> str:
    """The order in which listeners received the backlog that a scenario made, in words."""
    since = history.notes.backlog_since
    numbers: dict[str | None, int] = {one.id: one.seq for one in history.sent if one.meant >= since}
    received = [[one for one in log if one.id in numbers] for log in history.received.values()]
    if not history.pattern.everyone_hears:  # they share one backlog
        received = [sorted(chain(*received), key=lambda one: one.at)]
    return max((in_words([numbers[one.id] for one in log]) for log in received), key=len)


def in_words(numbers: Sequence[int]) -> str:
    """The order of these numbers of one sender."""
    falls = sum(after < before for before, after in pairwise(numbers))
    share = falls / max(1, len(numbers) - 1)
    order = "newest first" if share > 0.5 else "oldest first"
    if share in (0, 1):
        return order
    return f"about {order}" if abs(share - 0.5) > 0.2 else "in no order"
