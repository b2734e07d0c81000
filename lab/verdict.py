"""Judges what a pattern lost, repeated and reordered by what its promise allows in a scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from lab.accounting import ACKNOWLEDGED, Account, Sent

BEFORE, AFTER = 2.0, 15.0  # seconds around an absence within which its gap begins


@dataclass
class Allowed:
    """The most of each anomaly that the promise allows; by default none."""

    lost: int = 0  # beside messages sent while a listener was away
    why: str = ""  # where they are lost, as «in hand»
    # The times at which each listener or its connection went away; a gap may follow each of them.
    away: dict[str, list[float]] = field(default_factory=dict)
    absence: str = "while away"
    duplicated: int = 0
    backwards: bool = False


@dataclass(frozen=True)
class Verdict:
    """The verdict, in one word and in the words of the table."""

    kind: str  # kept; allowed: lost or repeated within the promise; broken
    words: str
    broken: list[str]  # a sentence for each breach


def judge(
    account: Account,
    allowed: Allowed,
    sent: Sequence[Sent],
    more: Sequence[str] = (),
    everyone: bool = False,
    is_busy: bool = False,
) -> Verdict:
    """Judge the counts. `more`: sentences on what else is wrong.

    `everyone`: each listener was to receive each message. `is_busy`: listeners still worked when
    the time was over, so messages that are left are no breach.
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
        kept = account.received - account.duplicated - account.unexpected - account.recovered
        due = account.lost + kept
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
    """How many lost messages are in a gap that an absence explains; each explains one gap."""
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
    """The lost messages, in runs without a received one between them."""
    acknowledged = [one for one in sent if one.outcome == ACKNOWLEDGED]
    acknowledged.sort(key=lambda one: (one.sender, one.seq))
    pieces = groupby(acknowledged, key=lambda one: one.id in lost)
    return [list(piece) for is_lost, piece in pieces if is_lost]
