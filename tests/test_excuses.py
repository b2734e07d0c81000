"""What may be lost, or come again, because a listener had it in hand."""

from typing import Any

import pytest

from lab.history.records import History, Line
from lab.judging.case import Case
from lab.judging.fates import ALL
from tests.histories import (
    CHANNEL,
    EACH,
    LISTS,
    RELIABLE,
    fault,
    handed,
    history,
    log,
    lost,
    upto,
)

HANDED = handed(*range(1, 10))
KILLED = fault(5.25, 6.5)  # while message 5 is in hand
EARLIER = fault(4.9, 6.5)  # after message 5 was asked for, before it came
FROZEN = fault(4.9, 6.5, is_away=False, empties_hands=False, needs_hands=True)
REST = log(1, 2, 8, 9)  # all that is received
ONE_TURN: dict[str, Any] = {
    "turn": 1,
    "asked": 0.5,
}  # replies that answer one request, or come unasked

LOST = {
    "the message that was handed over last": (
        history(REST, KILLED, handed=HANDED),
        lost("in hand", 5),
    ),
    "all of the last turn": (
        history(REST, KILLED, handed=[*handed(3), *handed(4, 5, **ONE_TURN | {"turn": 4})]),
        lost("in hand", 4, 5),
    ),
    "of each connection": (
        history(REST, KILLED, handed=[*handed(3, 4), *handed(5, line=2)]),
        lost("in hand", 4, 5),
    ),
    "not of one that was closed before": (
        history(
            REST, KILLED, handed=[*handed(4), *handed(5, line=2)],
            lines=[Line("a", 1, 0.0, closed=5.0), Line("a", 2, 5.0)],
        ),
        lost("in hand", 5),
    ),
    "not of one that was done with it and had asked for the next": (
        history(REST, KILLED, handed=handed(5, released=5.2)),
        {},
    ),
    "not of one that was opened later": (
        history(REST, KILLED, handed=handed(5), lines=[Line("a", 1, 5.3)]),
        {},
    ),
    "not of a child that was spared, whose connection went on": (
        history(
            log(1, 2, 3, 8, 9), fault(5.25, 6.5, is_away=False, spares_open_lines=True),
            handed=[*handed(4), *handed(5, line=2)],
            lines=[Line("a", 1, 0.0, closed=5.3), Line("a", 2, 0.0)],
        ),
        lost("in hand", 4),
    ),
    "of a connection whose end the proxy saw a moment after the process was dead": (
        history(
            log(1, 2, 3, 8, 9), fault(5.25, 5.3, is_away=False, spares_open_lines=True),
            handed=[*handed(4), *handed(5, line=2)],
            lines=[Line("a", 1, 0.0, closed=5.31), Line("a", 2, 0.0, closed=6.5)],
        ),
        lost("in hand", 4),
    ),
    "not of a listener that was not hit": (
        history({"a": REST, "b": []}, fault(5.25, 6.5, "b"), handed=HANDED),
        {},
    ),
    "not of one that was stopped and had time for it": (
        history(REST, fault(5.25, 6.5, empties_hands=False), handed=HANDED),
        {},
    ),
    "not of one that was only frozen": (history(REST, FROZEN, handed=HANDED), {}),
    "not where it is handed over again": (
        history(REST, KILLED, handed=HANDED, promise=RELIABLE),
        {},
    ),
    "for the listener that had it alone": (
        history({"a": REST, "b": REST}, KILLED, handed=HANDED, promise=LISTS),
        lost("in hand", 5, name="a"),
    ),
    "what was asked for before, though the answer came later": (
        history(REST, EARLIER, handed=HANDED),
        lost("in hand", 5),
    ),
    "not what was asked for after the fault": (
        history(REST, EARLIER, handed=[*handed(4), *handed(5, asked=5.0)]),
        lost("in hand", 4),
    ),
    "not what came after its end": (
        history(REST, fault(4.9, 5.1), handed=HANDED),
        lost("in hand", 4),
    ),
    "until the evidence was there": (
        history(REST, fault(4.0, 6.5, happened=5.25), handed=HANDED),
        lost("in hand", 5),
    ),
    "pushed messages after the last one that it had told of by then": (
        history([*log(1, 3), *log(5, at=5.3), *log(6)], KILLED, promise=CHANNEL,
                handed=handed(*range(1, 6), **ONE_TURN)),
        lost("while away", 4, name="a"),
    ),
    "withheld": (
        history(REST, KILLED, handed=[*handed(3, 4), *handed(5, 6, line=2, passed=False)]),
        lost("in hand", 4, 5, 6),
    ),
    "withheld, not after it was over": (
        history(REST, KILLED, handed=[*handed(4), *handed(7, passed=False)]),
        lost("in hand", 4),
    ),
    "withheld, not where it is handed over again": (
        history(REST, KILLED, handed=handed(6, passed=False), promise=RELIABLE),
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("run", "found"), LOST.values(), ids=LOST)
def test_a_loss_is_excused_by_id(run: History, found: dict[tuple[str, str], str]) -> None:
    assert Case(run).excused.lost == found


TO_B = handed(5, to="b", line=2, asked=6.0, at=7.0)
LATER = fault(7.1, 8.0, "b")
UNSYNCED = fault(5.25, 6.5, forgets_from=3.0)

REPEATED = {
    "what was in hand": (
        history([*upto(), *log(4, 5)], KILLED, handed=HANDED, promise=RELIABLE),
        {(ALL, "web-1-5"): 1},
    ),
    "as often as there were faults": (
        history({"a": upto(), "b": log(5, 5, 5)}, KILLED, LATER, handed=[*HANDED, *TO_B],
                promise=RELIABLE),
        {(ALL, "web-1-5"): 2},
    ),
    "what a frozen one had asked for, whose answer came later": (
        history({"a": upto(), "b": log(4, 5)}, FROZEN, handed=HANDED, promise=RELIABLE),
        {(ALL, "web-1-5"): 1},
    ),
    "to the listener that had it": (
        history({"a": [*upto(), *log(5)], "b": [*upto(), *log(5)]}, KILLED, handed=HANDED,
                promise=EACH),
        {("a", "web-1-5"): 1},
    ),
    "not where nothing is handed over again": (
        history([*upto(), *log(5)], KILLED, handed=HANDED),
        {},
    ),
    "what Redis has forgotten that it had handed it over": (
        history([*upto(), *log(2, 4)], UNSYNCED, handed=HANDED),
        {(ALL, "web-1-4"): 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("run", "found"), REPEATED.values(), ids=REPEATED)
def test_a_repeat_is_excused_by_id(run: History, found: dict[tuple[str, str], int]) -> None:
    assert Case(run).excused.repeated == found
