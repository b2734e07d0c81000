"""What is told of one run: the verdict, words, figures and charts."""

from pathlib import Path
from typing import Any

from lab.history.files import read_history
from lab.history.records import History
from lab.judging.case import Case
from lab.judging.verdict import INVALID, judge
from lab.report.figures import charts, figures
from lab.report.words import words


def check(folder: Path) -> dict[str, Any]:
    """Judge the history in a folder, as often as wanted; return what result.json says of it."""
    return judged(read_history(folder))


def judged(history: History) -> dict[str, Any]:
    case = Case(history)
    verdict = judge(case)
    return {
        **vars(verdict),
        "words": "nothing was measured" if verdict.verdict == INVALID else words(case),
        "ended": history.notes.ended,
        "figures": {**case.account.counts(), **figures(case)},
        "charts": charts(history),
    }
