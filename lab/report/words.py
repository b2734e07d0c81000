"""Says in a few words what became of the messages of a run, for a cell of the table."""

from collections import Counter
from collections.abc import Iterator

from lab.judging.case import Case
from lab.judging.order import order_of_backlog
from lab.report.figures import returns


def words(case: Case) -> str:
    notes = case.notes
    said = list(_fates(case)) or ["kept all"]
    if case.account.left and notes.is_busy:
        said.append("not drained in time")
    said += notes.findings
    tries = notes.figures.get("tries")
    hearers = len(case.history.received) if case.promise.everyone_hears else 1
    if tries and tries == case.promise.tries * hearers:
        each = " by each" if case.promise.everyone_hears else ""
        said.append(f"tried {case.promise.tries} times{each}, then put aside")
    if notes.tells_return:
        said += [f"{who} back after {seconds:.1f} s" for who, seconds in returns(case.history)]
    if notes.tells_order:
        said.append(order_of_backlog(case.history))
    return ", ".join(one for one in said if one)


def _fates(case: Case) -> Iterator[str]:
    """What was lost, repeated, put aside, left, and never sent."""
    counted, unit = case.account, " deliveries" if case.promise.everyone_hears else ""
    if counted.lost:
        received = counted.received - counted.duplicated - counted.unexpected - counted.recovered
        yield f"lost {counted.lost:,} of {counted.lost + received:,}{unit}{_where(case)}"
    if counted.duplicated:
        yield f"{counted.duplicated:,} twice"
    if case.put_aside:
        yield f"{len(case.put_aside):,} put aside"
    if counted.left:
        yield f"{counted.left:,} left waiting"
    if counted.unexpected:
        yield f"{counted.unexpected:,} never sent"


def _where(case: Case) -> str:
    """Where the lost messages were, as far as that excuses them."""
    places = Counter(case.excused.lost.values())
    if places.total() == case.account.lost and len(places) == 1:
        (place,) = places
        return f": {'all ' if place.startswith('while') else ''}{place}"
    return ": " + ", ".join(f"{n:,} {place}" for place, n in places.items()) if places else ""
