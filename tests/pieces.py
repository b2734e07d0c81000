"""Pieces of work as a test wants them: what happened to each, and when."""

from typing import Any

from redis import Redis

from jobs import notes
from jobs.ways import WAYS
from jobs.ways.list import QUEUE
from jobs.work import Event, Piece, State, Work
from pages.jobs.looks import Look

ASKED = 1_000_000.0  # seconds since the epoch, when a piece is asked for that says nothing else
Told = tuple[State, float] | tuple[State, float, str]  # state, seconds after asking, worker


def piece(
    *told: Told,
    way: str = "list",
    task: str = "wait",
    arguments: dict[str, Any] | None = None,
    answered: float | None = 0.004,
    asked: float = ASKED,
    due: float = 0.0,
    outcome: Any = None,
    why: str = "",
) -> Piece:
    """A piece with these events; times are in seconds after it was asked for."""
    events = []
    for state, at, *worker in told:
        last = state if (state, at, *worker) == told[-1] else None
        events.append(
            Event(
                state,
                asked + at,
                "".join(worker),
                outcome if last == State.SUCCESS else None,
                why if last and last != State.SUCCESS else "",
            )
        )
    given = {"seconds": 2.0} if arguments is None else arguments
    work = Work("id", way, task, given, asked, asked + due if due else 0.0)
    return Piece(work, events, asked + answered if answered is not None else 0.0)


def keep(redis: Redis, way: str, *states: State, why: str = "", **work: Any) -> str:
    """Note a piece in Redis to which all this happens now; return its id."""
    id_ = str(work.pop("id", f"{way}-{len(notes.latest(redis, way))}"))
    given: dict[str, Any] = {"task": "wait", "arguments": {"seconds": 2.0}, "asked": ASKED}
    given |= work
    notes.note_asked(redis, Work(id_, way, **given))
    for state in states:
        notes.note(redis, id_, state, "worker-1-ab", outcome="Waited 2 s.", why=why)
    notes.note_answered(redis, id_)
    redis.lpush(QUEUE, "{}")  # a list that is empty has lost what waits
    return id_


STARTED, SUCCESS, FAILURE = State.STARTED, State.SUCCESS, State.FAILURE
RETRY, UNKNOWN = State.RETRY, State.UNKNOWN
DONE = piece((STARTED, 0.004, "w"), (SUCCESS, 2.004, "w"), outcome="Waited 2 s.")
IN_HAND = piece((STARTED, 0.004, "worker-17-ab"))
WAITING = piece()
FAILED = piece((STARTED, 0.1, "w"), (FAILURE, 0.2, "w"), why="No.")
LOST = piece((STARTED, 0.5, "worker-18-cd"), (UNKNOWN, 0.5, "worker-18-cd"), why="It is gone.")
AGAIN = piece((STARTED, 0.1, "w"), (RETRY, 0.2, "w"), why="Not yet.")
NOW = ASKED + 3.0


def look(*pieces: Piece, workers: tuple[str, ...] = (), waiting: int = 0) -> Look:
    return Look(WAYS["list"], pieces, waiting, workers, NOW)
