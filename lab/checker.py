"""Judges a stored run: counts its messages, compares that with the promise, and adds figures."""

from pathlib import Path
from typing import Any

from lab.accounting import account
from lab.figures import charts, delays, milliseconds, rate
from lab.history import read_history
from lab.verdict import judge


def check(folder: Path) -> dict[str, Any]:
    """Judge the history in a folder again or for the first time; returns what result.json says."""
    history = read_history(folder)
    notes, counted = history.notes, account(history)
    verdict = judge(history, counted)
    received = delays(history)
    waits = (one.answered - one.meant for one in history.sent)
    figures = {**counted.counts(), "refused": history.refused, **rate(received), **notes.figures}
    figures |= milliseconds("delay", (delay for _, delay in received))
    figures |= milliseconds("send_delay", waits, ("p50", "p99"))
    if history.unnamed:
        figures["unnamed"] = history.unnamed
    if notes.lengths:
        figures["longest_queue"] = max(length for _, length in notes.lengths)
    return {
        "verdict": verdict.kind,
        "words": verdict.words,
        "broken": verdict.broken,
        "ended": notes.ended,
        "figures": figures,
        "charts": charts(history, received),
    }
