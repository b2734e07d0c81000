"""Histories in which a run ends well or not, by guarantee, each with the sentence on the breach."""

from typing import Any

from lab.history.records import History, Line
from lab.judging.fates import ALL
from tests.histories import EACH, RELIABLE, body, fault, handed, history, ids, log, upto

Rows = dict[str, dict[str, tuple[History, str]]]  # by guarantee and what happens

KEPT = ""
BEFORE, ABSENT = log(1, 2, 3), fault(3.5, 4.5)
POISONED = [*upto(without=[5]), *log(5, is_dead=True)]
# Three times whoever had message 5 was killed, and then it was put aside.
KILLED = [fault(at, at + 0.85) for at in (5.2, 6.2, 7.2)]
HANDED = [handed(5, line=n, asked=at - 0.1, at=at)[0] for n, at in enumerate((5.15, 6.15, 7.15), 1)]
LINES = [Line("a", n, at - 1, at + 0.05) for n, at in enumerate((5.2, 6.2, 7.2), 1)]
UNLUCKY: dict[str, Any] = {"promise": RELIABLE, "handed": HANDED, "dead_letters": ids(5)}
PUT_ASIDE = history(POISONED, *KILLED, lines=LINES, **UNLUCKY)

POISON: dict[str, Any] = {"poisons": [body(5)], "dead_letters": ids(5)}

ENDINGS: Rows = {
    "everyone came back": {
        "at once": (history(upto(), ABSENT), KEPT),
        "who came later was not away": (history(BEFORE, ABSENT, since={"a": 4.6}), KEPT),
        "never": (
            history(BEFORE, ABSENT),
            "a received nothing within 10 s after a fault (killed).",
        ),
        "too late": (
            history([*BEFORE, *log(8, 9, read=14.6)], ABSENT),
            "a received nothing within 10 s after a fault (killed).",
        ),
        "only what was sent before": (
            history([*BEFORE, *log(4, read=4.6)], ABSENT),
            "a received nothing of what was sent after a fault (killed).",
        ),
        "not after the second time": (
            history(log(1, 2, 3, 5, 6), ABSENT, fault(6.5, 7.5)),
            "a received nothing within 10 s after a fault (killed).",
        ),
    },
    "drained": {
        "nothing is left": (history(upto()), KEPT),
        "it still worked": (
            history(upto(7), remaining={ALL: ids(8, 9)}, is_busy=True),
            KEPT,
        ),
        "some are left": (
            history(upto(7), remaining={ALL: ids(8, 9)}),
            "2 still waited in the end, and nobody took them: web-1-8, web-1-9.",
        ),
        "for somebody who is no listener": (
            history(upto(), promise=EACH, remaining={"another": ids(9)}),
            "1 still waited in the end that were due to nobody: web-1-9.",
        ),
    },
    "acknowledged": {
        "nothing is pending": (history(upto()), KEPT),
        "it still worked": (history(upto(), remaining={ALL: ids(9)}, is_busy=True), KEPT),
        "pending": (
            history(upto(), remaining={ALL: ids(9)}),
            "1 were received and never acknowledged: web-1-9.",
        ),
    },
    "put aside rightly": {
        "the poison": (history(POISONED, promise=RELIABLE, figures={"tries": 3}, **POISON), KEPT),
        "by each": (
            history({"a": POISONED, "b": POISONED}, promise=EACH, figures={"tries": 6}, **POISON),
            KEPT,
        ),
        "a healthy one": (
            history(POISONED, promise=RELIABLE, poisons=[body(4)], dead_letters=ids(5, 6)),
            "2 put aside that kill nobody: web-1-5, web-1-6.",
        ),
        "a healthy one whose takers were killed": (
            PUT_ASIDE,
            KEPT,
        ),
        "a healthy one whose takers were killed less often": (
            history(POISONED, *KILLED[:2], lines=LINES, **UNLUCKY),
            "1 put aside that kill nobody: web-1-5.",
        ),
        "one that is not there": (
            history(POISONED, promise=RELIABLE, poisons=[body(5)]),
            "1 told as put aside, and not there: web-1-5.",
        ),
        "one whose name would clear the screen": (
            history([*upto(), *log(1, id="\ud800\x1b[2J", is_dead=True)]),
            "1 put aside that kill nobody: \\ud800\\x1b[2J.",
        ),
        "too early": (
            history(POISONED, promise=RELIABLE, figures={"tries": 2}, **POISON),
            "The poison was tried 2 times, and not 3.",
        ),
        "twice, where it is tried once": (
            history(upto(), figures={"tries": 2}, poisons=[body(5)]),
            "The poison was tried 2 times, and not 1.",
        ),
        "by each, too late": (
            history({"a": POISONED, "b": POISONED}, promise=EACH, figures={"tries": 7}, **POISON),
            "The poison was tried 7 times, and not 6.",
        ),
    },
    "stopped when told": {
        "with a code that says so": (history(upto(), stops={"a": [0, -15, 143]}), KEPT),
        "with another one": (
            history(upto(), stops={"a": [0, 1]}),
            "a ended with code 1 when it was stopped.",
        ),
        "by itself": (
            history(upto(), breaches=["a ended by itself: without a word"]),
            "a ended by itself: without a word",
        ),
    },
}
