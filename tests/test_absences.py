"""What may be lost that nobody had in hand: while away, forgotten, in a reply that was not sent."""

import pytest

from lab.history.records import History, Line
from lab.judging.case import Case
from lab.judging.excuses import UNSENT
from tests.histories import CHANNEL, EACH, LISTS, RELIABLE, fault, handed, history, log, lost, upto

REST = log(1, 2, 8, 9)  # all that is received
KILLED = fault(5.25, 6.5)
AWAY = fault(4.05, 6.05)
FORGOTTEN = fault(5.25, 6.5, forgets_from=0.0, where="with Redis")
HANDED = handed(*range(1, 6))
CUT = [Line("a", 1, 0.0, closed=5.25), Line("a", 2, 6.0)]

ABSENCES = {
    "while away: what was written meanwhile": (
        history(log(1, 2, 7, 8, 9), AWAY, promise=CHANNEL),
        lost("while away", 4, 5, 6, name="a"),
    ),
    "while away: not where messages are kept": (history(log(1, 2, 7), AWAY, promise=LISTS), {}),
    "while away: not of those who were there": (
        history({"a": log(1, 2, 3, 7), "b": log(5)}, AWAY, promise=CHANNEL),
        lost("while away", 4, 5, 6, name="a"),
    ),
    "forgotten: what waited, and what was written until it is back": (
        history(REST, FORGOTTEN, handed=handed(1, 2, 8, 9), promise=LISTS),
        lost("with Redis", 3, 4, 5, 6, 7, name="a"),
    ),
    "forgotten: nothing after the listener is back": (
        history(log(1, 2, 7, 9), FORGOTTEN, promise=LISTS),
        lost("with Redis", 3, 4, 5, 6, name="a"),
    ),
    "forgotten: not what it had handed over, except in hand": (
        history(REST, FORGOTTEN, handed=handed(*range(1, 10))),
        lost("with Redis", 5),
    ),
    "forgotten: in hand, though it would be handed over again": (
        history(REST, FORGOTTEN, handed=handed(*range(1, 10)), promise=EACH),
        lost("with Redis", 5, name="a"),
    ),
    "forgotten: what was acknowledged after the last sync": (
        history(log(1, 2, 7), fault(5.25, 6.5, forgets_from=4.05, where="not synced"),
                promise=LISTS),
        lost("not synced", 4, 5, 6, name="a"),
    ),
    "forgotten: what was there, though nobody came back": (
        history(log(1, 2), FORGOTTEN, promise=LISTS),
        lost("with Redis", 3, 4, 5, name="a"),
    ),
    "a reply that was never sent: one for each listener": (
        history(upto(without=[3, 4]), KILLED, handed=handed(1, 2), lines=CUT),
        lost(UNSENT, 3),
    ),
    "a reply that was never sent: none to one that was stopped and had time for it": (
        history(upto(without=[3]), fault(5.25, 6.5, empties_hands=False), lines=CUT),
        {},
    ),
    "a reply that was never sent: none before one that was handed over": (
        history(upto(without=[3]), KILLED, handed=handed(1, 2, 4), lines=CUT, promise=LISTS),
        {},
    ),
    "forgotten: in hand, though it was stored before": (
        history(log(1, 2, 3, 4), fault(5.25, 6.5, forgets_from=5.2), handed=HANDED,
                promise=RELIABLE),
        {},
    ),
    "forgotten: that it was taken, but not that it was sent": (
        history(log(1, 2, 3), fault(5.25, 6.5, forgets_from=3.0, keeps_sends=True),
                handed=handed(1, 2, 3), promise=RELIABLE),
        {},
    ),
    "a reply that was never sent: two for two": (
        history(
            {"a": upto(without=[2, 3, 4]), "b": []}, fault(5.25, 6.5, "a", "b"),
            lines=[*CUT, Line("a", 3, 0.0, 5.3), Line("b", 4, 0.0, 5.3)],
        ),
        lost(UNSENT, 2, 3),
    ),
    "a reply that was never sent: nothing that another listener was handed": (
        history({"a": upto(without=[3]), "b": []}, KILLED, handed=handed(3, to="b", line=9),
                lines=[*CUT, Line("b", 9, 0.0)]),
        {},
    ),
    "forgotten: where all share a place, nothing that was written after Redis was back": (
        history(REST, FORGOTTEN, handed=handed(1, 2, 8, 9)),
        lost("with Redis", 3, 4, 5),
    ),
    "a reply that was never sent: nothing that was written later": (
        history(upto(without=[6]), KILLED, lines=CUT),
        {},
    ),
    "a reply that was never sent: nothing where no line was cut": (
        history(upto(without=[3]), KILLED, lines=[Line("a", 1, 0.0)]),
        {},
    ),
    "a reply that was never sent: nothing that is handed over again": (
        history(upto(without=[3]), KILLED, lines=CUT, promise=RELIABLE),
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("run", "found"), ABSENCES.values(), ids=ABSENCES)
def test_a_loss_is_excused_by_id(run: History, found: dict[tuple[str, str], str]) -> None:
    assert Case(run).excused.lost == found
