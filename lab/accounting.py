"""What became of each message of a run, counted exactly, on multisets of ids.

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
    meant: float  # when it was to be sent
    written: float
    answered: float
    outcome: str  # acknowledged; unknown: the reply was lost

    @property
    def id(self) -> str:
        return f"{self.sender}-{self.seq}"


class Received(NamedTuple):
    """A message that a listener logged; its id is None where it is none of ours."""

    id: str | None
    at: float  # seconds since the epoch


@dataclass
class Account:
    """How many messages; of a pattern where everyone hears all, deliveries of messages."""

    attempted: int = 0
    acknowledged: int = 0
    unknown: int = 0
    received: int = 0  # lines, repeated ones as well
    left: int = 0  # acknowledged, and still there when the run was ended
    lost: int = 0  # acknowledged, and neither received nor there
    lost_beginning: int = 0  # of these, in the first third of what its sender sent
    lost_middle: int = 0
    lost_end: int = 0
    duplicated: int = 0  # receipts beyond the first
    unexpected: int = 0  # received, and never sent
    recovered: int = 0  # received, though its reply was lost
    backwards: int = 0  # steps back in the numbers of a sender, at one listener
    skipped: int = 0  # steps over one or more of them
    lost_ids: dict[str, list[str]] = field(default_factory=dict)  # by ledger

    def counts(self) -> dict[str, int]:
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "lost_ids"}


def account(
    sent: Iterable[Sent],
    received: Mapping[str, Sequence[Received]],
    everyone: bool,
    since: Mapping[str, float] | None = None,
    remaining: Mapping[str, Collection[str]] | None = None,
) -> Account:
    """Hold what was sent against what each listener received, in the order of its log.

    `everyone`: each of the listeners is to get each message, of those written after it was there
    (`since`, seconds by its name); otherwise each message is for one of them. `remaining` has the
    ids that were still there in the end, by the listener whom they wait for, or for «all».
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
    """In which third of its sender's messages each one is."""
    by_sender: dict[str, list[Sent]] = {}
    for one in sent:
        by_sender.setdefault(one.sender, []).append(one)
    return {
        one.id: 3 * place // len(ones)
        for ones in by_sender.values()
        for place, one in enumerate(sorted(ones, key=lambda one: one.seq))
    }


def _follow(total: Account, numbers: Iterable[tuple[str, int]]) -> None:
    """The order in one listener's log; what comes again is repeated, not out of order."""
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
