"""What came out of order, and in which order a backlog came, in words."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from lab.history.records import (
    BACKLOG_UNTIL,
    NEWEST_FIRST,
    NO_ORDER,
    Handed,
    History,
    Promise,
    Received,
)
from lab.judging.order import order_of_backlog, out_of_order
from tests.histories import (
    CHANNEL,
    EACH,
    QUEUE,
    RELIABLE,
    fault,
    handed,
    history,
    ids,
    log,
    sent,
    upto,
)

UNORDERED = replace(RELIABLE, order=NO_ORDER)
STACKS = replace(EACH, order=NEWEST_FIRST)
TWO = [*sent(), *sent(9, "web-2")]
ODD, EVEN = log(1, 3, 5, 7, 9), log(2, 4, 6, 8)


def waiting(*numbers: int, to: str = "a", begin: float = 20.0) -> list[Handed]:
    """A backlog, handed over in this order long after all of it was written, one each second."""
    return [
        one._replace(asked=begin + n, at=begin + n + 0.5)
        for n, one in enumerate(handed(*numbers, to=to))
    ]


def stack(*numbers: int) -> History:
    """A listener took such a backlog from a stack, in this order."""
    return history(log(*numbers), handed=waiting(*numbers))


ORDERS = {
    "oldest first": (history(upto(), promise=RELIABLE), []),
    "oldest first: overtaken": (history(log(1, 3, 2, 5, 4), promise=RELIABLE), ids(2, 4)),
    "oldest first: after one that jumped": (history(log(4, 1, 2), promise=CHANNEL), ids(1, 2)),
    "oldest first: for each listener": (history({"a": EVEN, "b": ODD}, promise=RELIABLE), []),
    "oldest first: of each, where all hear": (
        history({"a": upto(), "b": log(2, 1, 3)}, promise=CHANNEL),
        ids(1),
    ),
    "oldest first: for each sender": (
        history([*log(8, 9), *log(1, 2, sender="web-2")], messages=TWO, promise=RELIABLE),
        [],
    ),
    "oldest first: what came twice has no place": (
        history([*upto(), *log(3)], promise=RELIABLE),
        [],
    ),
    "none is declared": (history(log(2, 1), promise=UNORDERED), []),
    "newest first": (stack(9, 8, 7, 6), []),
    "newest first: a newer one waited": (stack(9, 7, 8), ids(7)),
    "newest first: told in another order than it was handed": (
        history(log(8, 9), handed=waiting(9, 8)),
        ids(9),
    ),
    "newest first: beyond one that is lost": (stack(6, 8), ids(6)),
    "newest first: also for another listener": (
        history({"a": ODD, "b": EVEN}, handed=[*waiting(7), *waiting(8, to="b", begin=21)]),
        ids(7),
    ),
    "newest first: each has its own": (
        history(
            {"a": log(8, 9), "b": log(9, 8)}, promise=STACKS,
            handed=[*waiting(8, 9), *waiting(9, 8, to="b")],
        ),
        ids(8),
    ),
    "newest first: one is slower than the other": (
        history(
            {"a": log(9, 8), "b": log(9, 8)}, promise=STACKS,
            handed=[*waiting(9, 8), *waiting(9, 8, to="b", begin=30)],
        ),
        [],
    ),
    "newest first: as they come": (history(upto(), handed=handed(*range(1, 10))), []),
    "newest first: it may have come in between": (
        # 8 was asked for before 9 was acknowledged.
        history(upto(), handed=[*handed(8, asked=9.05, at=9.2), *handed(9, asked=9.3, at=9.4)]),
        [],
    ),
    "newest first: another one may have asked for it before": (
        history(
            {"a": ODD, "b": EVEN},
            handed=[*handed(8, asked=20, at=20.5), *handed(9, to="b", asked=20.4, at=20.6)],
        ),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("run", "found"), ORDERS.values(), ids=ORDERS)
def test_what_comes_while_another_one_was_due_is_named(run: History, found: list[str]) -> None:
    assert [*out_of_order(run, set())] == found


def test_what_may_be_late_has_no_place_in_the_order() -> None:
    oldest = history(log(1, 3, 2, 5, 4), promise=RELIABLE)
    assert [*out_of_order(oldest, {*ids(2)})] == ids(4)
    assert [*out_of_order(stack(6, 7, 8), {*ids(7)})] == ids(6)


def away(received: dict[str, list[Received]], promise: Promise) -> History:
    """A listener or more that were stopped at 0.9, and started again at 5.5."""
    gone = fault(0.9, 6.0, *received, evidence={BACKLOG_UNTIL: 5.5})
    return history(received, gone, promise=promise)


@pytest.mark.parametrize(
    ("logs", "order"),
    [
        ([[1, 2, 3, 4, 5]] * 3, "oldest first"),
        ([[1, 2, 3, 4, 5], [2, 1, 4, 3, 5], [1, 2, 3, 4, 5]], "in no order"),
        ([[1, 2, 3, 4, 5], [2, 1, 4, 3, 5], [5, 4, 3, 2, 1]], "newest first"),
        ([[5, 4, 3, 2, 1], [1], []], "newest first"),
        ([[1, 2, 5, 3, 4]], "about oldest first"),
        ([[9, 5, 4, 8, 3, 2, 1, 7, 6]], "newest first"),  # what was sent later is none of it
        ([[1], []], ""),
    ],
)
def test_a_backlog_has_the_order_that_is_farthest_from_what_is_declared(
    logs: Sequence[list[int]], order: str
) -> None:
    received = {name: log(*numbers) for name, numbers in zip("abc", logs, strict=False)}
    assert order_of_backlog(away(received, EACH)) == order


def test_newest_first_may_be_declared() -> None:
    received = {"a": log(5, 4, 3), "b": log(3, 4, 5)}
    assert order_of_backlog(away(received, STACKS)) == "oldest first"


def test_a_backlog_that_is_shared_has_one_order() -> None:
    later = {n: 10.0 - n for n in range(1, 6)}  # when each was received
    received = {
        "a": [one._replace(at=later[n]) for n in (5, 2) for one in log(n)],
        "b": [one._replace(at=later[n]) for n in (4, 3, 1) for one in log(n)],
    }
    assert order_of_backlog(away(received, QUEUE)) == "newest first"


def test_what_is_sent_before_the_listener_has_stopped_is_no_backlog() -> None:
    gone = fault(0.9, 6.0, happened=1.5, evidence={BACKLOG_UNTIL: 5.5})
    run = history(log(1, 5, 4, 3, 2), gone, promise=STACKS)
    assert order_of_backlog(run) == "newest first"
