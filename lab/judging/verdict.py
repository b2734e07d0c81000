"""Judges a history: a verdict in one word, and a sentence for each breach."""

from dataclasses import dataclass, field

from lab.history.records import NEWEST_FIRST
from lab.judging.case import Case
from lab.judging.evidence import reasons
from lab.judging.guarantees import GUARANTEES, IN_ORDER

KEPT, ALLOWED, BROKEN, INVALID = "kept", "allowed", "broken", "invalid"
CODES = {KEPT: 0, BROKEN: 1, INVALID: 3, ALLOWED: 4}  # exit codes; 2 is a wrong command line
STILL_WORKED = "The listeners still worked when the time was over."


@dataclass(frozen=True)
class Verdict:
    """kept; allowed: lost, repeated or put aside as promised; invalid: nothing measured; broken."""

    verdict: str
    broken: list[str]  # a sentence for each breach, or for each reason why it is invalid
    guarantees: dict[str, bool] = field(default_factory=dict)  # whether each one held


def judge(case: Case) -> Verdict:
    """Judge a run. What it cannot have measured it neither keeps nor breaks."""
    if invalid := [*reasons(case)]:
        return Verdict(INVALID, invalid)
    breaches = {name: [*check(case)] for name, check in GUARANTEES.items()}
    held = {name: not sentences for name, sentences in breaches.items()}
    if case.promise.order == NEWEST_FIRST and not case.notes.is_watched:
        del held[IN_ORDER]  # only a proxy sees which message was asked for when
    if broken := [sentence for sentences in breaches.values() for sentence in sentences]:
        return Verdict(BROKEN, broken, held)
    if case.notes.is_busy:
        return Verdict(INVALID, [STILL_WORKED])
    is_all = not (case.account.lost or case.account.duplicated or case.put_aside)
    return Verdict(KEPT if is_all else ALLOWED, [], held)
