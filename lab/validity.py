"""Says why a run has measured nothing: a load that did not run, a fault that did not happen."""

from collections.abc import Iterator, Sequence

from lab.history import ACKNOWLEDGED, UNKNOWN, Fault, History

WRITES = 0.5  # seconds around a fault in which a write that began before it may fail


def reasons(history: History) -> Iterator[str]:
    """Yield a sentence for each reason why the run says nothing of its pattern."""
    yield from history.notes.invalid
    yield from _load(history)
    yield from _failed_writes(history)
    yield from _idle_faults(history)
    if history.notes.is_busy:
        yield "The listeners still worked when the time was over."


def _load(history: History) -> Iterator[str]:
    """What was planned is what was written."""
    written = len(history.sent) + sum(one.messages for one in history.unnumbered)
    if history.notes.planned and written != history.notes.planned:
        yield f"{history.notes.planned:,} messages were planned, and {written:,} written."
    if not any(one.outcome == ACKNOWLEDGED for one in history.sent):
        yield "Nothing was sent."


def _failed_writes(history: History) -> Iterator[str]:
    """Writes are refused or unknown only where a fault stops the sender."""
    faults = [one for one in history.notes.faults if one.stops_sender]
    failed = [(one.messages, one.written, one.answered) for one in history.unnumbered]
    failed += [(1, one.written, one.answered) for one in history.sent if one.outcome == UNKNOWN]
    outside = sum(n for n, *times in failed if not any(_touches(one, *times) for one in faults))
    if outside:
        yield f"{outside:,} sends failed, though nothing was done to the sender."


def _touches(fault: Fault, written: float, answered: float) -> bool:
    return written <= fault.until + WRITES and answered >= fault.at - WRITES


def _idle_faults(history: History) -> Iterator[str]:
    """While a listener is away, something is sent that it misses or finds later."""
    for fault in history.notes.faults:
        during = any(fault.at <= one.written <= fault.until for one in history.sent)
        refused = any(_touches(fault, one.written, one.answered) for one in history.unnumbered)
        if fault.away and not (during or refused):
            yield f"Nothing was sent while {_who(fault.away)} away."


def _who(names: Sequence[str]) -> str:
    return f"{', '.join(names)} {'were' if len(names) > 1 else 'was'}"
