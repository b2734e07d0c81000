"""Asks for a piece of work: what the page, the code page and programs call."""

import secrets
import time
from collections.abc import Mapping
from contextlib import suppress

from redis import Redis, RedisError

from jobs import notes
from jobs.arguments import checked
from jobs.rules import RULES
from jobs.ways import MISSING, WAYS
from jobs.ways.way import AwayError, NotPossibleError, Refusal, Way
from jobs.work import Piece, State, Work

# Seconds from now. A broker gives out again what is not begun within half an hour (RabbitMQ) or
# an hour (Redis), so that it would be done twice.
LATEST_DUE = 1200.0


def way_named(name: str) -> Way:
    """Return the way of this name; raises NotPossibleError."""
    if name in WAYS:
        return WAYS[name]
    raise NotPossibleError(
        MISSING.get(name) or f"There is no way «{name}», only {', '.join(WAYS)}."
    )


def ask(
    redis: Redis, way: Way, task: str, given: Mapping[str, object], delay: float = 0.0
) -> Piece:
    """Have a task done, after `delay` seconds; returns what is known of it when that is begun.

    Raises ArgumentsError, NotPossibleError, a Refusal and RedisError.
    """
    arguments = checked(task, given)
    if delay and not way.can_wait:
        later = ", ".join(one.name for one in WAYS.values() if one.can_wait) or "none that is here"
        raise NotPossibleError(f"{way.name} cannot do a piece later; these can: {later}.")
    if not 0 <= delay <= LATEST_DUE:
        raise NotPossibleError(f"in: a number of seconds from 0 to {LATEST_DUE:,.0f}.")
    rule = RULES.get(task)
    if rule and delay:
        raise NotPossibleError(f"{task} is done at once, and not later.")
    if rule:
        rule.check(redis, way, arguments)
    now = time.time()
    due = now + delay if delay else 0.0
    id_ = secrets.token_urlsafe(12)
    work = Work(id_, way.name, task, arguments, now, due, way.holder(redis))
    notes.note_asked(redis, work)
    try:
        way.start(redis, work)
    except Exception as error:
        with suppress(RedisError):
            why = str(error) if isinstance(error, Refusal) else "Nobody took it."
            notes.note(redis, id_, State.FAILURE, why=why)
            if rule:
                rule.undo(redis, arguments)
        raise
    return look_up(redis, id_) or Piece(work)


def way_outside(redis: Redis) -> Way:
    """Return the first way that has a worker now, outside the web; raises AwayError."""
    for way in WAYS.values():
        if way.workers(redis):
            return way
    raise AwayError("No worker is there: start one, as with python jobs/worker.py")


def look_up(redis: Redis, id_: str) -> Piece | None:
    """Return what is known of a piece; None when nobody knows it."""
    for piece in notes.read(redis, [id_]):
        way = WAYS.get(piece.work.way)  # its library may have been taken away since
        return way.look_up(redis, [piece])[0] if way else piece
    return None
