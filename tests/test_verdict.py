"""The verdict on a run, and what is said of it in a cell of the table."""

from dataclasses import replace
from typing import Any

import pytest

from lab.history.records import BACKLOG_UNTIL, History
from lab.judging.fates import ALL
from lab.judging.guarantees import GUARANTEES, IN_ORDER
from lab.judging.verdict import ALLOWED, BROKEN, INVALID, KEPT, STILL_WORKED
from lab.report.result import judged
from tests.endings import PUT_ASIDE
from tests.histories import (
    CHANNEL,
    EACH,
    PROMISES,
    RELIABLE,
    body,
    fault,
    handed,
    history,
    ids,
    log,
    probed,
    upto,
)

HANDED = handed(*range(1, 10))
KILLED = fault(5.25, 6.5)  # while message 5 is in hand
FREED = fault(7.25, 8.1, where="in the lost reply")  # while message 7 is
AWAY = fault(3.5, 6.5)
STOPPED = fault(3.5, 6.5, evidence={BACKLOG_UNTIL: 6.5})
POISON: dict[str, Any] = {
    "poisons": [body(9)],
    "dead_letters": ids(9),
    "figures": {"tries": 3},
}

# By what happened: a history, the verdict, and the words. Each has a probe before it.
VERDICTS: dict[str, tuple[History, str, str]] = {
    "nothing": (history(upto()), KEPT, "kept all"),
    "lost in hand": (
        history(upto(without=[5]), KILLED, handed=HANDED),
        ALLOWED,
        "lost 1 of 10: in hand",
    ),
    "lost in two places": (
        history(upto(without=[5, 7]), KILLED, FREED, handed=HANDED),
        ALLOWED,
        "lost 2 of 10: 1 in hand, 1 in the lost reply",
    ),
    "lost while away": (
        history(upto(without=[4, 5, 6]), AWAY, promise=CHANNEL),
        ALLOWED,
        "lost 3 of 10 deliveries: all while away",
    ),
    "lost for no reason": (history(upto(without=[5])), BROKEN, "lost 1 of 10"),
    "lost, and only one of them is excused": (
        history(upto(without=[4, 5]), KILLED, handed=HANDED),
        BROKEN,
        "lost 2 of 10: 1 in hand",
    ),
    "twice": (
        history([*upto(), *log(5)], KILLED, handed=HANDED, promise=RELIABLE),
        ALLOWED,
        "1 twice",
    ),
    "put aside, because its takers were killed": (PUT_ASIDE, ALLOWED, "1 put aside"),
    "twice for no reason": (history([*upto(), *log(5)]), BROKEN, "1 twice"),
    "invented": (history([*upto(), *log(10)]), BROKEN, "1 never sent"),
    "left": (history(upto(8), remaining={ALL: ids(9)}), BROKEN, "1 left waiting"),
    "poison": (
        history([*upto(8), *log(9, is_dead=True)], promise=RELIABLE, **POISON),
        KEPT,
        "kept all, tried 3 times, then put aside",
    ),
    "poison, by each": (
        history([*upto(8), *log(9, is_dead=True)], promise=EACH, **POISON),
        KEPT,
        "kept all, tried 3 times by each, then put aside",
    ),
    "a finding": (history(upto(), findings=["noticed never"]), KEPT, "kept all, noticed never"),
    "a backlog": (
        history(log(1, 2, 3, 4, 5, 6, 7, 8, 9), STOPPED, promise=RELIABLE, tells_order=True),
        KEPT,
        "kept all, oldest first",
    ),
}


@pytest.mark.parametrize(("run", "verdict", "words"), VERDICTS.values(), ids=VERDICTS)
def test_a_run_has_a_verdict_and_words(run: History, verdict: str, words: str) -> None:
    told = judged(probed(run))
    assert (told["verdict"], told["words"]) == (verdict, words), told["broken"]
    assert bool(told["broken"]) == (verdict == BROKEN)
    assert all(told["guarantees"].values()) == (verdict != BROKEN)


def test_all_breaches_are_told_and_each_guarantee_that_did_not_hold() -> None:
    told = judged(probed(history([*upto(8), *log(8, 10)])))
    assert told["broken"] == [
        "1 lost, which nothing excuses: web-1-9.",
        "1 received again, which nothing excuses: web-1-8.",
        "1 received that were never sent.",
    ]
    broken = {"nothing lost", "nothing twice", "nothing invented"}
    seen = [name for name in GUARANTEES if name != IN_ORDER]  # without a proxy no stack is seen
    assert told["guarantees"] == {name: name not in broken for name in seen}


def test_listeners_that_still_worked_say_nothing_unless_something_is_broken() -> None:
    busy = history(upto(7), remaining={ALL: ids(8, 9)}, is_busy=True)
    told = judged(probed(busy))
    assert (told["verdict"], told["broken"]) == (INVALID, [STILL_WORKED])
    told = judged(probed(replace(busy, received={"a": upto(6)})))
    assert told["broken"] == ["1 lost, which nothing excuses: web-1-7."]
    assert told["words"] == "lost 1 of 8, 2 left waiting, not drained in time"


@pytest.mark.parametrize("name", PROMISES)
def test_a_pattern_may_lose_or_repeat_what_is_in_hand_but_never_both(name: str) -> None:
    promise, logs = PROMISES[name], {"lost": upto(without=[5]), "again": [*upto(), *log(5)]}
    allowed = {
        what
        for what, received in logs.items()
        if judged(probed(history(received, KILLED, handed=HANDED, promise=promise)))["verdict"]
        == ALLOWED
    }
    assert allowed == ({"again"} if promise.redelivers else {"lost"})


def test_a_gap_goes_on_when_the_sender_takes_a_new_name() -> None:
    """As it does after a send whose outcome is unknown."""
    run = history(upto(without=[4, 5, 6]), AWAY, promise=CHANNEL)
    renamed = [one._replace(sender="web-2") if one.seq > 4 else one for one in run.sent]
    received = [*upto(3), *(one._replace(id=f"web-2-{n}") for n in (7, 8, 9) for one in log(n))]
    told = judged(probed(replace(run, sent=renamed, received={"a": received})))
    assert told["words"] == "lost 3 of 10 deliveries: all while away"
