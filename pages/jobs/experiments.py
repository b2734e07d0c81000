"""This module recognises from the pieces themselves whether an experiment has happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jobs.work import Piece, State
from pages.jobs.history import after, begun_twice, duration

TOGETHER = 60.0  # seconds within which pieces are asked for that belong to one experiment
TEN = 10
KEPT = ("list", "rq", "celery")
Pieces = Mapping[str, Sequence[Piece]]  # of each way, the newest first


@dataclass(frozen=True)
class Seen:
    """What an experiment has shown; empty while it has not happened."""

    name: str
    says: str = ""


def experiments(pieces: Pieces) -> list[Seen]:
    return [
        Seen("restart", restarted(pieces)),
        Seen("kill", killed(pieces)),
        Seen("compute", computed(pieces)),
    ]


def restarted(pieces: Pieces) -> str:
    """Pieces of a pool became unknown; pieces kept in Redis meanwhile were done after that."""
    for lost in _in_state(pieces.get("pool", ()), State.UNKNOWN):
        for way in KEPT:
            found = _in_state(pieces.get(way, ()), State.SUCCESS)
            done = [one for one in found if _together(one, lost) and one.last.at > lost.last.at]
            if done:
                unknown = _in_state(pieces["pool"], State.UNKNOWN)
                count = sum(_together(one, lost) for one in unknown)
                return f"pool: {count:,} unknown; {way}: {len(done):,} done."
    return ""


def killed(pieces: Pieces) -> str:
    """What a worker had in hand when it died is unknown for ever, or began again after a while."""
    says = []
    for lost in _in_state(pieces.get("list", ()), State.UNKNOWN)[:1]:
        says.append(f"list: lost by {lost.last.worker}, nobody does it again")
    for way in ("rq", "celery"):
        twice = filter(None, map(begun_twice, pieces.get(way, ())))
        for first, again in list(twice)[:1]:
            says.append(f"{way}: begun again after {duration(again.at - first.at)}")
        for lost in _in_state(pieces.get(way, ()), State.UNKNOWN)[:1]:
            says.append(f"{way}: lost by {lost.last.worker}, and {way} says nothing of it")
    return f"{'; '.join(says)}." if says else ""


def computed(pieces: Pieces) -> str:
    """Ten computing pieces were done with threads and ten of the same by processes."""
    for name in ("rq", "celery"):
        for amount in _amounts(pieces.get(name, ())):
            processes = _time_of_ten(pieces.get(name, ()), amount)
            threads = _time_of_ten(pieces.get("pool", ()), amount)
            if threads is not None and processes is not None:
                return f"pool: ten in {duration(threads)}; {name}: ten in {duration(processes)}."
    return ""


def _in_state(pieces: Iterable[Piece], state: State) -> list[Piece]:
    return [one for one in pieces if one.state == state]


def _together(one: Piece, other: Piece) -> bool:
    return abs(one.work.asked - other.work.asked) <= TOGETHER


def _amounts(pieces: Iterable[Piece]) -> list[object]:
    """Return how much was to be computed, each amount once, the newest first."""
    found = [one.work.arguments.get("rounds") for one in pieces if one.work.task == "compute"]
    return list(dict.fromkeys(found))


def _time_of_ten(pieces: Iterable[Piece], amount: object) -> float | None:
    """Return the seconds from asking for the first of ten to the end of the last; None if fewer."""
    done = [
        one
        for one in _in_state(pieces, State.SUCCESS)
        if one.work.task == "compute" and one.work.arguments.get("rounds") == amount
    ][:TEN]
    if len(done) < TEN or not _together(done[0], done[-1]):
        return None
    begin = min(one.work.asked for one in done)
    return max(one.work.asked + after(one, one.last) for one in done) - begin
