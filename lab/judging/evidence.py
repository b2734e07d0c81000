"""Says why a run has measured nothing: a load that did not run, a fault that did not happen."""

import math
from collections.abc import Iterator

from lab.history.records import ACKNOWLEDGED, MAIN, UNKNOWN, Fault, History
from lab.judging.case import Case

WRITES = 0.5  # seconds around a fault in which a write that began before it may fail
NEAR = 5.0  # seconds before a fault in which load is to be seen
MOMENT = 0.2  # seconds: a fault that is over sooner may fall between two messages
LAG = 0.5  # seconds that the lab may wait for a processor; beyond, its times mean nothing


def reasons(case: Case) -> Iterator[str]:
    """Yield a sentence for each reason why the run says nothing of its pattern."""
    history = case.history
    yield from _load(history)
    yield from _failed_writes(history)
    yield from _listeners(history)
    for fault in history.notes.faults:
        yield from fault.missing
        yield from _load_at(history, fault)
    yield from _hands(case)
    if history.notes.lag > LAG:
        yield f"The machine was too busy: the lab once had to wait for {history.notes.lag:.1f} s."


def _load(history: History) -> Iterator[str]:
    """What was planned is what was written."""
    written = len(history.sent) + sum(len(one.digests) for one in history.unnumbered)
    if written != history.notes.planned:
        yield f"{history.notes.planned:,} messages were planned, and {written:,} written."
    if not any(one.outcome == ACKNOWLEDGED and one.phase == MAIN for one in history.sent):
        yield "Nothing was sent."


def _failed_writes(history: History) -> Iterator[str]:
    """Writes are refused or unknown only where a fault stops the sender."""
    faults = [one for one in history.notes.faults if one.stops_sender]
    failed = [(len(one.digests), one.written, one.answered) for one in history.unnumbered]
    failed += [(1, one.written, one.answered) for one in history.sent if one.outcome == UNKNOWN]
    outside = sum(n for n, *times in failed if not any(_touches(one, *times) for one in faults))
    if outside:
        yield f"{outside:,} sends failed, though nothing was done to the sender."


def _touches(fault: Fault, written: float, answered: float) -> bool:
    return written <= fault.until + WRITES and answered >= fault.at - WRITES


def _listeners(history: History) -> Iterator[str]:
    """Each was there: it had received a message when the lab began to count on it."""
    sent = {one.id for one in history.sent}
    for name, presence in history.notes.listeners.items():
        known = [one.read for one in history.received[name] if one.id in sent]
        if math.isinf(presence.since) or not known or min(known) > presence.since:
            yield f"{name} was not there."


def _load_at(history: History, fault: Fault) -> Iterator[str]:
    """There is load before, during and after it."""
    if not (fault.targets and not fault.missing):
        return
    writes = [(one.written, one.answered) for one in history.sent]
    writes += [(one.written, one.answered) for one in history.unnumbered]
    if not any(fault.at - NEAR <= written <= fault.at for written, _ in writes):
        yield f"Nothing was sent in the {NEAR:.0f} s before a fault ({fault.kind})."
    is_short = fault.until - fault.at < MOMENT
    meanwhile = any(answered >= fault.at and written <= fault.until for written, answered in writes)
    if not (is_short or meanwhile):
        yield f"Nothing was sent while {_who(fault)} away."
    if not any(written > fault.until for written, _ in writes):
        yield f"Nothing was sent after a fault ({fault.kind})."


def _hands(case: Case) -> Iterator[str]:
    """At least once a listener had a message in hand when it was hit."""
    faults = [one for one in case.notes.faults if one.needs_hands]
    if faults and not any(case.hands.held(one, one.targets) for one in faults):
        yield f"Nobody had a message in hand ({faults[0].kind})."


def _who(fault: Fault) -> str:
    return f"{', '.join(fault.targets)} {'were' if len(fault.targets) > 1 else 'was'}"
