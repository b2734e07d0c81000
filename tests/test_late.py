"""Which messages may come late after a fault: those in hand, and those of an unsent reply."""

import pytest

from lab.history.records import History, Line
from lab.judging.case import Case
from lab.judging.guarantees import in_order
from tests.histories import RELIABLE, fault, handed, history, log

HANDED = handed(*range(1, 10))
KILLED = fault(5.25, 6.5)  # while message 5 is in hand
CUT = [Line("a", 1, 0.0, closed=5.25), Line("a", 2, 6.0)]
SINCE = handed(6, 7, 8, 9, line=2)
NEVER_SENT = [*handed(1, 2, 5), *SINCE]  # Redis took out 3 and 4 and sent no reply
BOTH = [*handed(3, 4, line=2, asked=7.0, at=7.3), *NEVER_SENT]
LATE = {
    "what was in hand": (
        history(log(1, 2, 3, 4, 6, 7, 5, 8, 9), KILLED, handed=HANDED, promise=RELIABLE),
        "",
    ),
    "nothing else": (
        history(log(1, 2, 3, 5, 6, 7, 4, 8, 9), KILLED, handed=HANDED, promise=RELIABLE),
        "web-1-4",
    ),
    "one whose reply was never sent": (
        history(log(1, 2, 4, 5, 6, 7, 3, 8, 9), KILLED, promise=RELIABLE, lines=CUT,
                handed=[*handed(4), *handed(3, line=2, at=7.3), *NEVER_SENT]),
        "",
    ),
    "no more of them than there were connections": (
        history(log(1, 2, 5, 6, 7, 3, 4, 8, 9), KILLED, promise=RELIABLE, lines=CUT, handed=BOTH),
        "web-1-4",
    ),
    "none that had been handed over before": (
        history(log(1, 2, 4, 5, 6, 7, 3, 8, 9), KILLED, promise=RELIABLE, lines=CUT,
                handed=[*handed(3, 4), *NEVER_SENT]),
        "web-1-3",
    ),
    "none that was written later": (
        history(log(1, 2, 3, 4, 5, 7, 6, 8, 9), KILLED, promise=RELIABLE, lines=CUT,
                handed=[*handed(1, 2, 3, 4, 5), *SINCE]),
        "web-1-6",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("run", "late"), LATE.values(), ids=LATE)
def test_what_comes_late_is_excused_by_id(run: History, late: str) -> None:
    expected = [f"1 out of order (oldest first): {late}."] if late else []
    assert [*in_order(Case(run))] == expected
