"""Judges what a pattern lost, repeated and reordered, by its capabilities and the run's faults."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lab.accounting import Account
from lab.history import ACKNOWLEDGED, Fault, History, Sent
from patterns.pattern import Order, Pattern

# The gap that a fault excuses begins so many seconds around it. Before it: what a listener had been
# sent and not handled. After it: a stopped subscriber misses nothing until Redis cuts it off, and
# after a restart of Redis the sender may be back before the listener.
BEFORE, AFTER = 2.0, 15.0


@dataclass(frozen=True)
class Allowed:
    """The most of each anomaly that the promise of a pattern allows after the faults of a run."""

    away: Sequence[Fault] = ()  # each excuses a gap
    lost: float = 0  # messages beside those
    where: str = ""  # they are lost, as «in hand»
    repeated: int = 0
    backwards: bool = False


@dataclass(frozen=True)
class Verdict:
    """The verdict, in one word and in the words of the table."""

    kind: str  # kept; allowed: lost or repeated within the promise; broken
    words: str
    broken: list[str]  # a sentence for each breach


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


def judge(history: History, account: Account) -> Verdict:
    """Judge the counts of a run. What is left while listeners still work is no breach."""
    notes, allowed = history.notes, allow(history.pattern, history.notes.faults)
    away = _lost_while_away(account, allowed.away, history.sent)
    others = account.lost - away
    is_late = account.left > 0 and notes.is_busy
    nothing = account.acknowledged and not account.received
    checks = (
        (others > allowed.lost, f"{others:,} lost, where at most {allowed.lost:,} may be."),
        (
            account.duplicated > allowed.repeated,
            f"{account.duplicated:,} received again, where at most {allowed.repeated:,} may be.",
        ),
        (account.unexpected, f"{account.unexpected:,} received that were never sent."),
        (
            account.backwards and not allowed.backwards,
            f"{account.backwards:,} received after one that was sent later.",
        ),
        (nothing and not allowed.away and not allowed.lost, "Nothing was received at all."),
        (
            account.left and not is_late,
            f"{account.left:,} still waited in the end, and nobody took them.",
        ),
    )
    broken = [*notes.breaches, *(sentence for is_so, sentence in checks if is_so)]
    parts = list(_words(history, account, allowed, away)) or ["kept all"]
    if is_late:
        parts.append("not drained in time")
    kind = "kept" if not account.lost and not account.duplicated else "allowed"
    return Verdict("broken" if broken else kind, ", ".join([*parts, *notes.findings]), broken)


def _words(history: History, account: Account, allowed: Allowed, away: int) -> Iterator[str]:
    """What was lost, repeated, left, and never sent, each in words."""
    if account.lost:
        received = account.received - account.duplicated - account.unexpected - account.recovered
        unit = " deliveries" if history.pattern.everyone_hears else ""
        where = _where(account.lost, away, allowed)
        yield f"lost {account.lost:,} of {account.lost + received:,}{unit}{where}"
    if account.duplicated:
        yield f"{account.duplicated:,} twice"
    if account.left:
        yield f"{account.left:,} left waiting"
    if account.unexpected:
        yield f"{account.unexpected:,} never sent"


def _where(lost: int, away: int, allowed: Allowed) -> str:
    """Where the lost messages were, `away` of them with listeners that were not there."""
    absence = allowed.away[0].absence if away else ""
    if away == lost:
        return f": all {absence}"
    if not allowed.where:
        return ""
    return (
        f": {away:,} {absence}, {lost - away:,} {allowed.where}" if away else f": {allowed.where}"
    )


def _lost_while_away(account: Account, faults: Sequence[Fault], sent: Sequence[Sent]) -> int:
    """How many lost messages are in a gap that an absence excuses; each excuses one gap."""
    excused = 0
    for name, ids in account.lost_ids.items():
        times = sorted(fault.at for fault in faults if name in fault.away)
        for gap in _gaps(sent, set(ids)):
            time = next((t for t in times if t - BEFORE <= gap[0].answered <= t + AFTER), None)
            if time is not None:
                times.remove(time)
                excused += len(gap)
    return excused


def _gaps(sent: Sequence[Sent], lost: set[str]) -> list[list[Sent]]:
    """The lost messages, in runs without a received one between them."""
    acknowledged = [one for one in sent if one.outcome == ACKNOWLEDGED]
    acknowledged.sort(key=lambda one: (one.sender, one.seq))
    pieces = groupby(acknowledged, key=lambda one: one.id in lost)
    return [list(piece) for is_lost, piece in pieces if is_lost]
