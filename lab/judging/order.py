"""Says in which order messages came, and which came when another one was due."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise

from lab.history.records import (
    BACKLOG_UNTIL,
    NEWEST_FIRST,
    NO_ORDER,
    OLDEST_FIRST,
    Handed,
    History,
    Sent,
)


def out_of_order(history: History, may_be_late: set[str]) -> Iterator[str]:
    """The ids that came while one that the declared order puts first was waiting.

    What was, or may have been, handed over again has no place in the order.
    """
    order = history.promise.order
    if order == NO_ORDER:
        return
    sent: dict[str | None, Sent] = {one.id: one for one in history.sent}
    repeated = _repeated(history)
    for name, log in history.received.items():
        mine = [sent[one.id] for one in log if one.id in sent and one.id not in repeated[name]]
        mine = [one for one in mine if one.id not in may_be_late]
        if order == OLDEST_FIRST:
            yield from _overtaken(mine)
    if order == NEWEST_FIRST:
        yield from _told_in_another_order(history, repeated)
        for handed in _by_owner(history):
            once = [one for one in handed if one.id in sent and one.id not in may_be_late]
            yield from _older_than_one_that_waited(once, sent)


def _repeated(history: History) -> dict[str, set[str | None]]:
    """The ids that each listener told of more than once, or all that share, by listener."""
    logs = history.received
    alone = {name: Counter(one.id for one in log) for name, log in logs.items()}
    together = sum(alone.values(), Counter[str | None]())
    counts = alone if history.promise.everyone_hears else dict.fromkeys(logs, together)
    return {name: {id_ for id_, n in one.items() if n > 1} for name, one in counts.items()}


def _told_in_another_order(
    history: History, repeated: Mapping[str, set[str | None]]
) -> Iterator[str]:
    """Those that a listener told of after what the same connection handed over later."""
    places = {(one.to, one.id): (n, one.line) for n, one in enumerate(history.handed)}
    for name, log in history.received.items():
        latest: dict[int, int] = {}  # the last place so far, by connection
        for told in log:
            if told.id is None or told.id in repeated[name] or (name, told.id) not in places:
                continue
            place, line = places[name, told.id]
            if place < latest.get(line, 0):
                yield told.id
            latest[line] = max(place, latest.get(line, 0))


def _overtaken(log: Sequence[Sent]) -> Iterator[str]:
    """Those that came after a later one of the same sender."""
    latest: dict[str, int] = {}
    for one in log:
        if one.seq < latest.get(one.sender, 0):
            yield one.id
        latest[one.sender] = max(one.seq, latest.get(one.sender, 0))


def _by_owner(history: History) -> list[list[Handed]]:
    """What was handed to each listener, or to all that share one place, in the order of time."""
    first: dict[tuple[str, str | None], Handed] = {}
    for one in history.handed:
        first.setdefault((one.to, one.id), one)
    if not history.promise.everyone_hears:
        return [sorted(first.values(), key=lambda one: one.at)]
    return [[one for one in first.values() if one.to == name] for name in history.received]


def _older_than_one_that_waited(
    handed: Sequence[Handed], sent: dict[str | None, Sent]
) -> Iterator[str]:
    """Those for which a newer one had been acknowledged before they were asked for, and was left.

    It was left for certain if it was asked for after they were handed over.
    """
    by_number = {sent[one.id][:2]: one for one in handed}  # sender and number
    last = max((seq for _, seq in by_number), default=0)
    for one in handed:
        mine = sent[one.id]
        for seq in range(mine.seq + 1, last + 1):
            newer = by_number.get((mine.sender, seq))
            if newer is None:  # lost, or it may be late
                continue
            if sent[newer.id].answered > one.asked:
                break
            if newer.asked >= one.at:
                yield mine.id
                break


def order_of_backlog(history: History) -> str:
    """The order in which a listener received what was sent while it was away, in words.

    Of several listeners, it is the order that is farthest from what was declared.
    """
    sent: dict[str | None, Sent] = {one.id: one for one in history.sent}
    faults = [one for one in history.notes.faults if BACKLOG_UNTIL in one.evidence]
    away = [(one.struck, one.evidence[BACKLOG_UNTIL]) for one in faults]
    numbers = {
        id_: one.seq
        for id_, one in sent.items()
        if any(begin <= one.written and one.answered <= end for begin, end in away)
    }
    received = [[one for one in log if one.id in numbers] for log in history.received.values()]
    if not history.promise.everyone_hears:  # they share one backlog
        received = [sorted(chain(*received), key=lambda one: one.at)]
    shares = [_share_of_falls([numbers[one.id] for one in log]) for log in received if len(log) > 1]
    declared = float(history.promise.order == NEWEST_FIRST)
    return _in_words(max(shares, key=lambda share: abs(share - declared))) if shares else ""


def _share_of_falls(numbers: Sequence[int]) -> float:
    """How often a lower number came next: 0 is oldest first, 1 newest first."""
    return sum(after < before for before, after in pairwise(numbers)) / (len(numbers) - 1)


def _in_words(share: float) -> str:
    order = "newest first" if share > 0.5 else "oldest first"
    if share in (0, 1):
        return order
    return f"about {order}" if abs(share - 0.5) > 0.2 else "in no order"
