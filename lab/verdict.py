"""What a pattern may lose, repeat and reorder in a scenario, and what to say of what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from lab.accounting import ACKNOWLEDGED, Account, Sent

BEFORE, AFTER = 2.0, 15.0  # seconds around a fault in which the gap that it leaves may begin


@dataclass
class Allowed:
    """Anomalies that the promise does not exclude; what is not named must not appear."""

    lost: int = 0  # messages, beside those that were sent while a listener was away
    why: str = ""  # they may be lost, in a word or two
    # When each listener went, or its connection: a gap in what it hears may follow each time.
    away: dict[str, list[float]] = field(default_factory=dict)
    absence: str = "while away"
    duplicated: int = 0
    backwards: bool = False


@dataclass(frozen=True)
class Verdict:
    """kept, allowed (something was lost or repeated, as promised) or broken; and in words."""

    kind: str
    words: str
    broken: list[str]


def judge(
    account: Account,
    allowed: Allowed,
    sent: Sequence[Sent],
    more: Sequence[str] = (),
    everyone: bool = False,
    is_busy: bool = False,
) -> Verdict:
    """`more`: sentences on what else is wrong, or nothing; `everyone` is to hear each message.

    `is_busy`: the listeners were still at work when the run was ended, so what is left is not lost.
    """
    away = _sent_while_away(account, allowed.away, sent)
    others = account.lost - away
    broken = [*more]
    if others > allowed.lost:
        broken.append(f"{others:,} lost, where at most {allowed.lost:,} may be.")
    if account.duplicated > allowed.duplicated:
        broken.append(
            f"{account.duplicated:,} received again, where at most {allowed.duplicated:,} may be."
        )
    if account.unexpected:
        broken.append(f"{account.unexpected:,} received that were never sent.")
    if account.backwards and not allowed.backwards:
        broken.append(f"{account.backwards:,} received after one that was sent later.")
    if not account.received and account.acknowledged and not allowed.away and not allowed.lost:
        broken.append("Nothing was received at all.")
    words = _words(account, allowed, away, " deliveries" if everyone else "")
    if account.left and is_busy:
        words += ", not drained in time"
    elif account.left:
        broken.append(f"{account.left:,} still waited in the end, and nobody took them.")
    kind = "kept" if not account.lost and not account.duplicated else "allowed"
    return Verdict("broken" if broken else kind, words, broken)


def _words(account: Account, allowed: Allowed, away: int, unit: str) -> str:
    parts = []
    if account.lost:
        due = account.lost + account.received - account.duplicated - account.unexpected
        due -= account.recovered
        parts.append(f"lost {account.lost:,} of {due:,}{unit}")
        if away == account.lost:
            parts[-1] += f": all {allowed.absence}"
        elif away and allowed.why:
            others = account.lost - away
            parts[-1] += f": {away:,} {allowed.absence}, {others:,} {allowed.why}"
        elif allowed.why:
            parts[-1] += f": {allowed.why}"
    if account.duplicated:
        parts.append(f"{account.duplicated:,} twice")
    if account.left:
        parts.append(f"{account.left:,} left waiting")
    if account.unexpected:
        parts.append(f"{account.unexpected:,} never sent")
    return ", ".join(parts) or "kept all"


def _sent_while_away(
    account: Account, away: Mapping[str, Sequence[float]], sent: Sequence[Sent]
) -> int:
    """How many of the lost are in gaps that an absence explains: one gap for each."""
    explained = 0
    for name, ids in account.lost_ids.items():
        faults = sorted(away.get(name, ()))
        for gap in _gaps(sent, set(ids)):
            fault = next((f for f in faults if f - BEFORE <= gap[0].answered <= f + AFTER), None)
            if fault is not None:
                faults.remove(fault)
                explained += len(gap)
    return explained


def _gaps(sent: Sequence[Sent], lost: set[str]) -> list[list[Sent]]:
    """What was lost, in pieces between which something was received."""
    acknowledged = [one for one in sent if one.outcome == ACKNOWLEDGED]
    acknowledged.sort(key=lambda one: (one.sender, one.seq))
    pieces = groupby(acknowledged, key=lambda one: one.id in lost)
    return [list(piece) for is_lost, piece in pieces if is_lost]
