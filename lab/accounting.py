"""Counts what became of each message of a run, on multisets of ids.

After the total-queue checker of Jepsen: https://github.com/jepsen-io/jepsen
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import NamedTuple

ACKNOWLEDGED, UNKNOWN = "acknowledged", "unknown"


class Sent(NamedTuple):
    """A message that was sent; times are in seconds since the epoch."""

    sender: str
    seq: int
    meant: float  # when it was due
    written: float  # when its write began
    answered: float  # when Redis had replied, or the write had failed
    outcome: str  # acknowledged; unknown: the reply was lost

    @property
    def id(self) -> str:
        return f"{self.sender}-{self.seq}"


class Received(NamedTuple):
    """A message that a listener logged; its id is None when the log has none."""

    id: str | None
    at: float  # seconds since the epoch


@dataclass
class Account:
    """Numbers of messages, or of deliveries where each listener is to receive each message."""

    attempted: int = 0
    acknowledged: int = 0
    unknown: int = 0
    received: int = 0  # with repeats
    left: int = 0  # acknowledged, and still in Redis at the end
    lost: int = 0  # acknowledged, neither received nor in Redis
    lost_beginning: int = 0  # lost in the first third of what a sender sent
    lost_middle: int = 0
    lost_end: int = 0
    duplicated: int = 0  # receipts after the first one of a message
    unexpected: int = 0  # received, but never sent
    recovered: int = 0  # received, though the reply to its sender was lost
    backwards: int = 0  # how often a listener received a lower number of a sender next
    skipped: int = 0  # how often it received one that was not the next
    lost_ids: dict[str, list[str]] = field(default_factory=dict)  # by listener, or under «all»

    def counts(self) -> dict[str, int]:
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "lost_ids"}


def account(
    sent: Iterable[Sent],
    received: Mapping[str, Sequence[Received]],
    everyone: bool,
    since: Mapping[str, float] | None = None,
    remaining: Mapping[str, Collection[str]] | None = None,
) -> Account:
    """Compare what was sent with what each listener received, in the order of its log.

    `everyone`: each listener is to receive each message that was written after it was ready
    (`since`, by its name); otherwise one listener is to receive each message. `remaining`: the ids
    that were still in Redis at the end, by the listener that they wait for, or for «all».
    """
    sent = list(sent)
    acknowledged = [one for one in sent if one.outcome == ACKNOWLEDGED]
    total = Account(attempted=len(sent), acknowledged=len(acknowledged))
    total.unknown = total.attempted - total.acknowledged
    outcomes = {one.id: one.outcome for one in sent}
    thirds = _thirds(sent)
    everything = {"all": [one for log in received.values() for one in log]}
    for name, log in (received if everyone else everything).items():
        there = (since or {}).get(name, 0.0)
        due = [one.id for one in acknowledged if one.written >= there]
        lost = _enter(total, log, due, (remaining or {}).get(name, ()), outcomes)
        if lost:
            total.lost_ids[name] = lost
        by_third = Counter(thirds[id_] for id_ in lost)
        total.lost_beginning += by_third[0]
        total.lost_middle += by_third[1]
        total.lost_end += by_third[2]
    numbers = {one.id: (one.sender, one.seq) for one in sent}
    for log in received.values():
        _follow(total, [numbers[one.id] for one in log if one.id in numbers])
    return total


def _enter(
    total: Account,
    log: Sequence[Received],
    due: Iterable[str],
    left: Collection[str],
    outcomes: Mapping[str, str],
) -> list[str]:
    """Add one ledger, of what was due against what was received; returns the ids that are lost."""
    ours = Counter(one.id for one in log if one.id in outcomes)
    total.received += len(log)
    total.unexpected += len(log) - ours.total()
    total.duplicated += ours.total() - len(ours)
    total.recovered += sum(outcomes[str(id_)] == UNKNOWN for id_ in ours)
    missing = [id_ for id_ in due if id_ not in ours]
    lost = [id_ for id_ in missing if id_ not in left]
    total.left += len(missing) - len(lost)
    total.lost += len(lost)
    return lost


def _thirds(sent: Iterable[Sent]) -> dict[str, int]:
    """The third (0, 1 or 2) of its sender's messages in which each id is."""
    by_sender: dict[str, list[Sent]] = {}
    for one in sent:
        by_sender.setdefault(one.sender, []).append(one)
    return {
        one.id: 3 * place // len(ones)
        for ones in by_sender.values()
        for place, one in enumerate(sorted(ones, key=lambda one: one.seq))
    }


def _follow(total: Account, numbers: Iterable[tuple[str, int]]) -> None:
    """Count the steps out of order in one listener's log, without repeats."""
    last: dict[str, int] = {}
    seen: set[tuple[str, int]] = set()
    for sender, seq in numbers:
        if (sender, seq) in seen:
            continue
        seen.add((sender, seq))
        before = last.get(sender, seq - 1)
        total.backwards += seq < before
        total.skipped += seq > before + 1
        last[sender] = seq
