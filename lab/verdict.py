"""Judges what was lost, repeated and reordered in a stored run: python -m lab.verdict FOLDER"""

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from lab.accounting import Account, account, backlog_order
from lab.figures import charts, figures
from lab.history import ACKNOWLEDGED, Fault, History, Sent, read_history
from lab.validity import reasons
from patterns.declaration.pattern import Order, Pattern

# The gap that an absence excuses may begin so many seconds before it, with what the listener had
# been sent and had not handled.
BEFORE = 2.0
CODES = {"broken": 1, "invalid": 3}  # exit codes; 2 is a wrong command line


@dataclass(frozen=True)
class Allowed:
    """The most of each anomaly that the promise of a pattern allows after the faults of a run."""

    absences: Sequence[Fault] = ()  # each excuses a gap
    lost: float = 0  # messages beside those
    where: str = ""  # they are lost, as «in hand»
    repeated: int = 0
    backwards: bool = False


@dataclass(frozen=True)
class Verdict:
    """The verdict, in one word and in the words of the table."""

    # kept; allowed: lost or repeated within the promise; invalid: nothing was measured; broken
    verdict: str
    words: str
    broken: list[str]  # a sentence for each breach, or for each reason why it is invalid


def check(folder: Path) -> dict[str, Any]:
    """Judge the history in a folder, as often as wanted; return what result.json says of it."""
    history = read_history(folder)
    counted = account(history)
    return {
        **asdict(judge(history, counted)),
        "ended": history.notes.ended,
        "figures": {**counted.counts(), **figures(history)},
        "charts": charts(history),
    }


def allow(pattern: Pattern, faults: Sequence[Fault]) -> Allowed:
    """What a pattern may do after these faults, as it declares itself."""
    repeated = sum(fault.repeated for fault in faults) if pattern.redelivers else 0
    backwards = repeated > 0 or pattern.order is Order.NEWEST_FIRST
    where = next((fault.where for fault in faults if fault.lost), "")
    if not pattern.keeps:
        return Allowed(faults, 0, where, repeated, backwards)
    if any(fault.forgotten for fault in faults):
        return Allowed((), math.inf, "with Redis", repeated, backwards)
    lost = 0 if pattern.redelivers else sum(fault.lost for fault in faults)
    return Allowed((), lost, where, repeated, backwards)


def judge(history: History, counted: Account) -> Verdict:
    notes, allowed = history.notes, allow(history.pattern, history.notes.faults)
    excused = _count_excused(counted, allowed.absences, history.sent)
    broken = [*notes.breaches, *_breaches(history, counted, allowed, excused)]
    findings = list(notes.findings)
    if notes.backlog_since and (order := backlog_order(history)):
        declared = history.pattern.order.value
        findings.append(order)
        if order != declared and len(history.received) == 1:  # several overtake each other
            broken.append(f"A backlog came out {order}, and not {declared}.")
    unit = " deliveries" if history.pattern.everyone_hears else ""
    words = list(_words(counted, allowed, excused, unit)) or ["kept all"]
    if counted.left and notes.is_busy:
        words.append("not drained in time")
    kind = "allowed" if counted.lost or counted.duplicated else "kept"
    said = ", ".join([*words, *findings])
    if broken:
        return Verdict("broken", said, broken)
    if invalid := [*reasons(history)]:
        return Verdict("invalid", "nothing was measured", invalid)
    return Verdict(kind, said, [])


def _breaches(history: History, counted: Account, allowed: Allowed, excused: int) -> Iterator[str]:
    """A sentence for each breach. What is left while listeners still work is none."""
    notes, everyone = history.notes, history.pattern.everyone_hears
    if (others := counted.lost - excused) > allowed.lost:
        yield f"{others:,} lost, where at most {allowed.lost:,} may be."
    if (twice := counted.duplicated) > allowed.repeated:
        yield f"{twice:,} received again, where at most {allowed.repeated:,} may be."
    if counted.unexpected:
        yield f"{counted.unexpected:,} received that were never sent."
    if counted.backwards and not allowed.backwards:
        yield f"{counted.backwards:,} received after one that was sent later."
    if counted.acknowledged and not (counted.received or allowed.absences or allowed.lost):
        yield "Nothing was received at all."
    if counted.left and not notes.is_busy:
        yield f"{counted.left:,} still waited in the end, and nobody took them."
    if counted.unacknowledged and not notes.is_busy:
        yield f"{counted.unacknowledged:,} were received and never acknowledged."
    poisons = notes.poisons * (len(history.received) if everyone else 1)
    if counted.dead > poisons:
        yield f"{counted.dead:,} put aside, where at most {poisons:,} may be."
    yield from _deaf(history)


def _deaf(history: History) -> Iterator[str]:
    """A sentence for each listener that receives nothing of what is sent after the last fault."""
    if not (faults := history.notes.faults):
        return
    over = max(one.until for one in faults)
    later = {one.id for one in history.sent if one.written > over and one.outcome == ACKNOWLEDGED}
    for name, log in history.received.items():
        if later and later.isdisjoint(one.id for one in log):
            yield f"{name} received nothing more of what was sent after the last fault."


def _words(counted: Account, allowed: Allowed, excused: int, unit: str) -> Iterator[str]:
    """What was lost, repeated, left, and never sent, each in words."""
    if counted.lost:
        received = counted.received - counted.duplicated - counted.unexpected - counted.recovered
        where = _where(counted.lost, excused, allowed)
        yield f"lost {counted.lost:,} of {counted.lost + received:,}{unit}{where}"
    if counted.duplicated:
        yield f"{counted.duplicated:,} twice"
    if counted.left:
        yield f"{counted.left:,} left waiting"
    if counted.unexpected:
        yield f"{counted.unexpected:,} never sent"


def _where(lost: int, excused: int, allowed: Allowed) -> str:
    """Where the lost messages were, `excused` of them with listeners that were absent."""
    absence = allowed.absences[0].absence if excused else ""
    if excused == lost:
        return f": all {absence}"
    if excused and allowed.where:
        return f": {excused:,} {absence}, {lost - excused:,} {allowed.where}"
    return f": {allowed.where}" if allowed.where else ""


def _count_excused(counted: Account, absences: Sequence[Fault], sent: Sequence[Sent]) -> int:
    """How many lost messages are in a gap that an absence excuses; each excuses one gap.

    What was written after the listener was back is not excused.
    """
    excused = 0
    for name, ids in counted.lost_ids.items():
        faults = sorted((one for one in absences if name in one.away), key=lambda one: one.at)
        for gap in _gaps(sent, set(ids)):
            first = gap[0].answered
            fault = next((f for f in faults if f.at - BEFORE <= first <= f.until), None)
            if fault:
                faults.remove(fault)
                excused += sum(one.written <= fault.until for one in gap)
    return excused


def _gaps(sent: Sequence[Sent], lost: set[str]) -> list[list[Sent]]:
    """The lost messages in the order of writing, in runs without a received one between them."""
    acknowledged = [one for one in sent if one.outcome == ACKNOWLEDGED]
    pieces = groupby(acknowledged, key=lambda one: one.id in lost)
    return [list(piece) for is_lost, piece in pieces if is_lost]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lab.verdict", description=__doc__)
    parser.add_argument("folder", type=Path, help="of a run, such as those in results/raw/")
    folder = parser.parse_args().folder
    try:
        told = check(folder)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        parser.error(f"{folder} holds no history that can be judged: {error}")
    print(f"{told['verdict']} ({told['ended']}): {told['words']}", *told["broken"], sep="\n")
    return CODES.get(told["verdict"], 0)


if __name__ == "__main__":
    sys.exit(main())
