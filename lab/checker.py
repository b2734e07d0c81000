"""Judges a stored run: counts its messages, compares that with the promise, and adds figures."""

from pathlib import Path
from typing import Any

from lab.accounting import account
from lab.figures import charts, figures
from lab.history import read_history
from lab.verdict import judge


def check(folder: Path) -> dict[str, Any]:
    """Judge the history in a folder, as often as wanted; return what result.json says of it."""
    history = read_history(folder)
    counted = account(history)
    verdict = judge(history, counted)
    return {
        "verdict": verdict.kind,
        "words": verdict.words,
        "broken": verdict.broken,
        "ended": history.notes.ended,
        "figures": {**counted.counts(), **figures(history)},
        "charts": charts(history),
    }
