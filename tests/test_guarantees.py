"""Each thing that the judge checks: histories that keep it, and histories that break it.

Here are those on messages; tests/endings.py has those on how listeners, and the run, end.
"""

import pytest

from lab.history.records import History
from lab.judging.case import Case
from lab.judging.guarantees import GUARANTEES
from tests.endings import ENDINGS, KEPT, Rows
from tests.histories import CHANNEL, RELIABLE, body, fault, handed, history, log, upto

HANDED = handed(*range(1, 10))
IN_HAND = fault(5.25, 7.0)  # strikes while message 5 is in hand
ROWS: Rows = {
    "nothing lost": {
        "all received": (history(upto()), KEPT),
        "in hand": (history(upto(without=[5]), IN_HAND, handed=HANDED), KEPT),
        "lost": (
            history(upto(without=[2, 4, 6, 8])),
            "4 lost, which nothing excuses: web-1-2, web-1-4, web-1-6 ….",
        ),
        "another one than was in hand": (
            history(upto(without=[4, 5]), IN_HAND, handed=HANDED),
            "1 lost, which nothing excuses: web-1-4.",
        ),
        "by one of two who are to hear it": (
            history({"a": upto(), "b": upto(without=[9])}, promise=CHANNEL),
            "1 lost, which nothing excuses: web-1-9.",
        ),
    },
    "nothing twice": {
        "each once": (history(upto()), KEPT),
        "it was in hand": (
            history([*upto(), *log(5)], IN_HAND, handed=HANDED, promise=RELIABLE),
            KEPT,
        ),
        "more often than it was in hand": (
            history([*upto(), *log(5, 5)], IN_HAND, handed=HANDED, promise=RELIABLE),
            "1 received again, which nothing excuses: web-1-5.",
        ),
        "for no reason": (
            history({"a": [*upto(), *log(8)], "b": log(8, 9)}),
            "3 received again, which nothing excuses: web-1-8, web-1-9.",
        ),
    },
    "nothing invented": {
        "all was sent": (history(upto()), KEPT),
        "never sent": (history([*upto(), *log(10)]), "1 received that were never sent."),
        "another body": (
            history([*upto(without=[9]), *log(9, digest=body(8))]),
            "1 received with another body than was sent.",
        ),
    },
    "told truly": {
        "as handed": (history(upto(), handed=HANDED, is_watched=True), KEPT),
        "after its work": (history(upto(), handed=HANDED, is_watched=True, work=0.15), KEPT),
        "it does not say when": (history(log(*range(1, 10), at=0)), KEPT),
        "of a dead letter there is no work": (
            history(log(*range(1, 10), is_dead=True), handed=HANDED, is_watched=True, work=1.0),
            KEPT,
        ),
        "one that nobody sent, and nobody was handed": (
            history([*upto(), *log(10)], handed=HANDED, is_watched=True),
            "a told of 1 more often than it was handed them.",
        ),
        "without a proxy, before its work can be done": (
            history([*upto(8), *log(9, at=9.02, read=9.05)], work=0.2),
            "a told of 1 before it had worked on them for 200 ms.",
        ),
        "before it was sent": (
            history([*upto(without=[9]), *log(9, at=8.9)]),
            "a told of 1 at times that cannot be.",
        ),
        "after its own line": (
            history([*upto(without=[9]), *log(9, at=9.4)]),
            "a told of 1 at times that cannot be.",
        ),
        "again, though it was handed it once": (
            history([*upto(), *log(9)], handed=HANDED, is_watched=True),
            "a told of 1 more often than it was handed them.",
        ),
        "what another one was handed": (
            history({"a": upto(without=[9]), "b": log(9)}, handed=HANDED, is_watched=True),
            "b told of 1 more often than it was handed them.",
        ),
        "what was kept back": (
            history(upto(1), handed=handed(1, passed=False), is_watched=True),
            "a told of 1 more often than it was handed them.",
        ),
        "before it was handed it": (
            history(log(1, read=1.1, at=0), handed=handed(1), is_watched=True),
            "a told of 1 more often than it was handed them.",
        ),
        "before its work was done": (
            history(upto(), handed=HANDED, is_watched=True, work=0.2),
            "a told of 9 before it had worked on them for 200 ms.",
        ),
    },
    "in order": {
        "in order": (history(upto(), promise=RELIABLE), KEPT),
        "overtaken": (
            history(log(1, 3, 2, *range(4, 10)), promise=RELIABLE),
            "1 out of order (oldest first): web-1-2.",
        ),
    },
    **ENDINGS,
}
CASES = [
    pytest.param(name, run, sentence, id=f"{name}: {what}")
    for name, rows in ROWS.items()
    for what, (run, sentence) in rows.items()
]


@pytest.mark.parametrize(("name", "run", "sentence"), CASES)
def test_a_check_yields_a_sentence_for_each_breach(name: str, run: History, sentence: str) -> None:
    assert [*GUARANTEES[name](Case(run))] == ([sentence] if sentence else [])


def test_each_check_is_kept_and_broken_by_some_history() -> None:
    for name in GUARANTEES:
        assert {sentence == KEPT for _, sentence in ROWS[name].values()} == {True, False}, name
    assert ROWS.keys() == GUARANTEES.keys()
