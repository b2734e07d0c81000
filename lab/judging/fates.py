"""Says what became of each message of a run, on multisets of ids.

After the total-queue checker of Jepsen: https://github.com/jepsen-io/jepsen
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from lab.history.records import ACKNOWLEDGED, REFUSED, UNKNOWN, History, Received, Sent

ALL = "all"  # stands for the listeners where one of them is to receive each message
DETAILS = ("by_name", "strange")


@dataclass
class Fate:
    """Ids of messages by what became of them, for one listener or for all that share."""

    lost: list[str] = field(default_factory=list)  # due, neither received nor in Redis
    left: list[str] = field(default_factory=list)  # due, not received, still in Redis
    unacknowledged: list[str] = field(default_factory=list)  # received, and still in Redis
    repeated: Counter[str] = field(default_factory=Counter)  # how often beyond the first time
    dead: set[str] = field(default_factory=set)  # put aside


@dataclass
class Account:
    """Numbers of messages, or of deliveries where each listener is to receive each message."""

    attempted: int = 0
    acknowledged: int = 0
    refused: int = 0
    unknown: int = 0
    received: int = 0  # with repeats
    left: int = 0
    unacknowledged: int = 0
    dead: int = 0
    lost: int = 0
    duplicated: int = 0  # receipts after the first one of a message
    unexpected: int = 0  # received, but never sent
    altered: int = 0  # received with another body than was sent
    recovered: int = 0  # received, though the reply to its sender was lost
    backwards: int = 0  # how often a listener received a lower number of a sender next
    skipped: int = 0  # how often it received one that was not the next
    by_name: dict[str, Fate] = field(default_factory=dict)  # by listener, or under ALL
    strange: list[tuple[str, Received]] = field(default_factory=list)  # with the listener's name

    def counts(self) -> dict[str, int]:
        return {name: count for name, count in vars(self).items() if name not in DETAILS}


def account(history: History) -> Account:
    """Compare what was sent with what each listener received.

    Where everyone hears, each listener is to receive each message that was written after it was
    ready; otherwise one listener is to receive each message. Whatever a listener was handed, it is
    to receive as well.
    """
    sent: dict[str | None, Sent] = {one.id: one for one in history.sent}
    acknowledged = [one for one in history.sent if one.outcome == ACKNOWLEDGED]
    unnamed = history.count(UNKNOWN)
    total = Account(
        attempted=len(sent) + unnamed + history.count(REFUSED),
        acknowledged=len(acknowledged),
        refused=history.count(REFUSED),
        unknown=len(sent) - len(acknowledged) + unnamed,
    )
    received, remaining = history.received, history.notes.remaining
    if not history.promise.everyone_hears:
        received = {ALL: [*chain(*received.values())]}
        remaining = {ALL: [*chain(*remaining.values())]}
    handed = _handed(history)
    for name, log in received.items():
        presence = history.notes.listeners.get(name)
        since = presence.since if presence else 0.0
        due = [one.id for one in acknowledged if one.written >= since or one.id in handed[name]]
        due += [id_ for id_ in handed[name] if id_ in sent and sent[id_].outcome == UNKNOWN]
        fate = total.by_name[name] = _fate(log, due, sent, {*remaining.get(name, ())})
        known = {one.id for one in log if one.id in sent}
        total.received += len(log)
        total.recovered += sum(sent[id_].outcome == UNKNOWN for id_ in known)
        total.lost += len(fate.lost)
        total.left += len(fate.left)
        total.duplicated += fate.repeated.total()
        total.unacknowledged += len(fate.unacknowledged)
        total.dead += len(fate.dead)
    bodies = _unnamed(history)
    for name, log in history.received.items():
        if history.promise.everyone_hears:
            bodies = _unnamed(history)
        total.strange += [(name, one) for one in _strange(log, sent, bodies)]
        steps = [sent[one.id] for one in log if one.id in sent]
        _add_steps(total, steps)
    total.unexpected = sum(one.id not in sent for _, one in total.strange)
    total.altered = len(total.strange) - total.unexpected
    return total


def _fate(
    log: Sequence[Received], due: Sequence[str], sent: dict[str | None, Sent], left: set[str]
) -> Fate:
    known = Counter(one.id for one in log if one.id is not None and one.id in sent)
    missing = [id_ for id_ in due if id_ not in known]
    return Fate(
        lost=[id_ for id_ in missing if id_ not in left],
        left=[id_ for id_ in missing if id_ in left],
        unacknowledged=sorted(left & known.keys()),
        repeated=Counter({id_: count - 1 for id_, count in known.items() if count > 1}),
        dead={one.id for one in log if one.is_dead and one.id},
    )


def _handed(history: History) -> Mapping[str, Mapping[str, None]]:
    """The ids that each listener was handed, once each in the order of time; under ALL as well."""
    handed: dict[str, dict[str, None]] = defaultdict(dict)
    for one in history.handed:
        if one.passed and one.id:
            handed[one.to][one.id] = handed[ALL][one.id] = None
    return handed


def _unnamed(history: History) -> Counter[str]:
    """The bodies of messages that may have been sent, and whose numbers nobody knows."""
    unknown = (one for one in history.unnumbered if one.outcome == UNKNOWN)
    return Counter(body for one in unknown for body in one.digests)


def _strange(
    log: Sequence[Received], sent: dict[str | None, Sent], unnamed: Counter[str]
) -> Iterable[Received]:
    """What nobody sent, by its id or by its body; takes from `unnamed` what it finds there."""
    for one in log:
        if one.id in sent:
            if one.digest != sent[one.id].digest:
                yield one
        elif unnamed[one.digest]:
            unnamed[one.digest] -= 1
        else:
            yield one


def _add_steps(total: Account, log: Iterable[Sent]) -> None:
    """Count the steps out of order in one listener's log, without repeats."""
    last: dict[str, int] = {}
    for one in dict.fromkeys(log):
        before = last.get(one.sender, one.seq - 1)
        total.backwards += one.seq < before
        total.skipped += one.seq > before + 1
        last[one.sender] = one.seq
