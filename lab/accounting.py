"""Counts what became of each message of a run, on multisets of ids.

After the total-queue checker of Jepsen: https://github.com/jepsen-io/jepsen
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain, pairwise

from lab.history import ACKNOWLEDGED, UNKNOWN, History, Sent
from patterns.declaration.pattern import Order

ALL = "all"  # stands for the listeners where one of them is to receive each message


@dataclass
class Account:
    """Numbers of messages, or of deliveries where each listener is to receive each message."""

    attempted: int = 0
    acknowledged: int = 0
    unknown: int = 0
    received: int = 0  # with repeats
    left: int = 0  # acknowledged, not received, and still in Redis at the end
    unacknowledged: int = 0  # received, and still in Redis at the end
    dead: int = 0  # put aside
    lost: int = 0  # acknowledged, neither received nor in Redis
    duplicated: int = 0  # receipts after the first one of a message
    unexpected: int = 0  # received, but never sent
    recovered: int = 0  # received, though the reply to its sender was lost
    backwards: int = 0  # how often a listener received a lower number of a sender next
    skipped: int = 0  # how often it received one that was not the next
    lost_ids: dict[str, list[str]] = field(default_factory=dict)  # by listener, or under ALL

    def counts(self) -> dict[str, int]:
        return {name: count for name, count in asdict(self).items() if name != "lost_ids"}


def account(history: History) -> Account:
    """Compare what was sent with what each listener received.

    Where everyone hears, each listener is to receive each message that was written after it was
    ready; otherwise one listener is to receive each message.
    """
    sent: dict[str | None, Sent] = {one.id: one for one in history.sent}
    acknowledged = [one for one in history.sent if one.outcome == ACKNOWLEDGED]
    total = Account(len(sent), len(acknowledged), unknown=len(sent) - len(acknowledged))
    received, remaining = history.received, history.notes.remaining
    if not history.pattern.everyone_hears:
        received = {ALL: [*chain(*received.values())]}
        remaining = {ALL: [*chain(*remaining.values())]}
    for name, log in received.items():
        ids = [one.id for one in log]
        known = Counter(id_ for id_ in ids if id_ in sent)
        total.received += len(ids)
        # A message whose number nobody knows is due once in each log, and looks as if invented.
        total.unexpected += max(0, len(ids) - known.total() - history.count(UNKNOWN))
        total.duplicated += known.total() - len(known)
        total.recovered += sum(sent[id_].outcome == UNKNOWN for id_ in known)
        total.unacknowledged += len({*remaining.get(name, ())} & known.keys())
        total.dead += len({one.id for one in log if one.is_dead})
        since, left = history.notes.since.get(name, 0.0), set(remaining.get(name, ()))
        due = [one.id for one in acknowledged if one.written >= since]
        missing = [id_ for id_ in due if id_ not in known]
        lost = total.lost_ids[name] = [id_ for id_ in missing if id_ not in left]
        total.lost += len(lost)
        total.left += len(missing) - len(lost)
    for log in history.received.values():
        _add_steps(total, [sent[one.id] for one in log if one.id in sent])
    return total


def _add_steps(total: Account, log: Iterable[Sent]) -> None:
    """Count the steps out of order in one listener's log, without repeats."""
    last: dict[str, int] = {}
    for one in dict.fromkeys(log):
        before = last.get(one.sender, one.seq - 1)
        total.backwards += one.seq < before
        total.skipped += one.seq > before + 1
        last[one.sender] = one.seq


def backlog_order(history: History) -> str:
    """The order in which a listener received a backlog, in words; empty if none received two.

    Of several listeners, it is the order that is farthest from what the pattern declares.
    """
    since, until = history.notes.backlog_since, history.notes.backlog_until or math.inf
    backlog = [one for one in history.sent if since <= one.meant <= until]
    numbers: dict[str | None, int] = {one.id: one.seq for one in backlog}
    received = [[one for one in log if one.id in numbers] for log in history.received.values()]
    if not history.pattern.everyone_hears:  # they share one backlog
        received = [sorted(chain(*received), key=lambda one: one.at)]
    shares = [_share_of_falls([numbers[one.id] for one in log]) for log in received if len(log) > 1]
    declared = float(history.pattern.order is Order.NEWEST_FIRST)
    return _in_words(max(shares, key=lambda share: abs(share - declared))) if shares else ""


def _share_of_falls(numbers: Sequence[int]) -> float:
    """How often a lower number came next: 0 is oldest first, 1 newest first."""
    return sum(after < before for before, after in pairwise(numbers)) / (len(numbers) - 1)


def _in_words(share: float) -> str:
    order = "newest first" if share > 0.5 else "oldest first"
    if share in (0, 1):
        return order
    return f"about {order}" if abs(share - 0.5) > 0.2 else "in no order"
