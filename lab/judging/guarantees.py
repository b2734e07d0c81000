"""What is checked, one thing after the other: each check yields a sentence for each breach."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from lab.history.records import ACKNOWLEDGED, Received, Sent
from lab.judging.case import Case
from lab.judging.order import out_of_order
from messaging.message import printable

CLOCK = 0.002  # seconds by which two processes may disagree on a moment
CODES = (0, -15, 143)  # with which a process may end when it gets SIGTERM
NAMED = 3  # ids in a sentence

Check = Callable[[Case], Iterator[str]]


def some(ids: Iterable[str]) -> str:
    """The first of these ids, for a sentence."""
    ids = [printable(id_) for id_ in ids]
    return ", ".join(ids[:NAMED]) + (" …" if len(ids) > NAMED else "")


def nothing_lost(case: Case) -> Iterator[str]:
    """What was acknowledged was received, or its loss is one that the promise allows."""
    fates = case.account.by_name
    lost = [id_ for name, one in fates.items() for id_ in one.lost if not _excused(case, name, id_)]
    if lost:
        yield f"{len(lost):,} lost, which nothing excuses: {some(lost)}."


def _excused(case: Case, name: str, id_: str) -> bool:
    return (name, id_) in case.excused.lost


def nothing_twice(case: Case) -> Iterator[str]:
    """What was received again had been in a hand that a fault emptied."""
    repeated: Counter[str] = Counter()
    for name, one in case.account.by_name.items():
        for id_, times in one.repeated.items():
            repeated[id_] += max(0, times - case.excused.repeated.get((name, id_), 0))
    if ids := [id_ for id_, times in repeated.items() if times]:
        yield f"{repeated.total():,} received again, which nothing excuses: {some(ids)}."


def nothing_invented(case: Case) -> Iterator[str]:
    """What was received was sent, with that body."""
    if case.account.unexpected:
        yield f"{case.account.unexpected:,} received that were never sent."
    if case.account.altered:
        yield f"{case.account.altered:,} received with another body than was sent."


def told_truly(case: Case) -> Iterator[str]:
    """A listener tells of what it was handed, as often as that, after its work, at true times."""
    sent = {one.id: one for one in case.history.sent}
    for name, log in case.history.received.items():
        known = [one for one in log if one.id in sent]
        wrong = [one for one in known if not _can_be(one, sent[one.id or ""])]
        if wrong:
            yield f"{name} told of {len(wrong):,} at times that cannot be."
        if case.notes.is_watched:
            yield from _as_handed(case, name, log)
        else:
            yield from _too_early(case, name, known)


def _can_be(told: Received, sent: Sent) -> bool:
    """Whether it says that it received the message between its sending and its own line."""
    return told.at == 0 or sent.written - CLOCK <= told.at <= told.read + CLOCK


def _too_early(case: Case, name: str, log: Iterable[Received]) -> Iterator[str]:
    """Without a proxy, it is known only that the work begins after the sending."""
    sent = {one.id: one.written for one in case.history.sent}
    work = case.notes.listeners[name].work
    early = sum(one.read < sent[one.id or ""] + work - CLOCK and not one.is_dead for one in log)
    if early:
        yield _told_early(name, early, work)


def _told_early(name: str, early: int, work: float) -> str:
    return f"{name} told of {early:,} before it had worked on them for {work * 1000:.0f} ms."


def _as_handed(case: Case, name: str, log: Iterable[Received]) -> Iterator[str]:
    work, told = case.notes.listeners[name].work, Counter[str | None]()
    unseen = early = 0
    for one in log:
        told[one.id] += 1
        handed = [h for h in case.hands.times[one.id] if h.to == name and h.passed]
        before = sum(h.at <= one.read for h in handed)
        unseen += before < told[one.id]
        done = min((h.at + work for h in handed), default=0.0)
        early += before >= 1 and not one.is_dead and one.read < done - CLOCK
    if unseen:
        yield f"{name} told of {unseen:,} more often than it was handed them."
    if early:
        yield _told_early(name, early, work)


def in_order(case: Case) -> Iterator[str]:
    """What was not handed over again came in the order that was declared."""
    late = list(out_of_order(case.history, case.excused.redelivered))
    sent = {one.id: one for one in case.history.sent}
    for unsent in case.excused.unsent:
        excused = unsent.late(late, sent, case.hands)
        late = [id_ for id_ in late if id_ not in excused]
    if late:
        yield f"{len(late):,} out of order ({case.promise.order}): {some(late)}."


def everyone_came_back(case: Case) -> Iterator[str]:
    """After each fault each listener receives again in time, and something that was sent later."""
    written = {one.id: one.written for one in case.history.sent if one.outcome == ACKNOWLEDGED}
    for fault in case.notes.faults:
        bound, end = case.promise.back_within, f"after a fault ({fault.kind})"
        for name, log in case.history.received.items():
            if case.notes.listeners[name].since > fault.until:
                continue
            if not any(0 <= one.read - fault.until <= bound for one in log):
                yield f"{name} received nothing within {bound:.0f} s {end}."
            elif not any(written.get(one.id or "", 0.0) > fault.until for one in log):
                yield f"{name} received nothing of what was sent {end}."


def drained(case: Case) -> Iterator[str]:
    """Nothing waits in the end. While listeners still work, that is not known."""
    left = [id_ for one in case.account.by_name.values() for id_ in one.left]
    kept = chain(*case.notes.remaining.values())
    known = {*left, *(id_ for one in case.account.by_name.values() for id_ in one.unacknowledged)}
    others = [id_ for id_ in kept if id_ not in known]
    if others and not case.notes.is_busy:
        yield f"{len(others):,} still waited in the end that were due to nobody: {some(others)}."
    if left and not case.notes.is_busy:
        yield f"{len(left):,} still waited in the end, and nobody took them: {some(left)}."


def acknowledged(case: Case) -> Iterator[str]:
    """Nothing that was received is pending in the end."""
    pending = [id_ for one in case.account.by_name.values() for id_ in one.unacknowledged]
    if pending and not case.notes.is_busy:
        yield f"{len(pending):,} were received and never acknowledged: {some(pending)}."


def put_aside_rightly(case: Case) -> Iterator[str]:
    """What became a dead letter kills, or was tried as often as promised, each time in vain."""
    notes, tries = case.notes, case.promise.tries
    if healthy := sorted(case.put_aside - case.excused.put_aside(tries)):
        yield f"{len(healthy):,} put aside that kill nobody: {some(healthy)}."
    forgot = any(one.forgets for one in notes.faults)
    if tries and not forgot and (gone := sorted(case.told_aside - {*notes.dead_letters})):
        yield f"{len(gone):,} told as put aside, and not there: {some(gone)}."
    hearers = len(case.history.received) if case.promise.everyone_hears else 1
    deaths, due = notes.figures.get("tries", 0), max(1, tries) * hearers
    if deaths and deaths != due:
        yield f"The poison was tried {deaths:.0f} times, and not {due}."


def stopped_when_told(case: Case) -> Iterator[str]:
    """Each process ended when it got SIGTERM, and with a code that says so; none ended before."""
    yield from case.notes.breaches
    for name, codes in case.notes.stops.items():
        if wrong := [code for code in codes if code not in CODES]:
            yield f"{name} ended with code {wrong[0]} when it was stopped."


IN_ORDER = "in order"
GUARANTEES: dict[str, Check] = {
    "nothing lost": nothing_lost,
    "nothing twice": nothing_twice,
    "nothing invented": nothing_invented,
    "told truly": told_truly,
    IN_ORDER: in_order,
    "everyone came back": everyone_came_back,
    "drained": drained,
    "acknowledged": acknowledged,
    "put aside rightly": put_aside_rightly,
    "stopped when told": stopped_when_told,
}
