"""Does a piece of work and notes what becomes of it; every way ends here."""

import time
from contextlib import suppress
from typing import Any

from redis import Redis, RedisError

from jobs import notes
from jobs.arguments import ArgumentsError, done
from jobs.outcome import Outcome, TaskError
from jobs.work import State, Work, read_work

PAUSES = (0.0, 0.1, 0.5, 1.0, 2.0)  # seconds before each try to note an outcome


def do(redis: Redis, work: Work, worker: str, is_last_try: bool = True) -> Outcome:
    """Do it, and return its outcome; raises TaskError when it failed, and RedisError.

    Nobody tries again what cannot have its arguments: that raises ArgumentsError.
    """
    notes.note(redis, work.id, State.STARTED, worker)
    try:
        outcome = done(work.task, work.arguments)
    except TaskError as error:
        is_over = is_last_try or isinstance(error, ArgumentsError)
        failed = State.FAILURE if is_over else State.RETRY
        note_surely(redis, work.id, failed, worker, why=str(error))
        raise
    note_surely(redis, work.id, State.SUCCESS, worker, outcome)
    return outcome


def note_surely(
    redis: Redis, id_: str, state: State, worker: str, outcome: Any = None, why: str = ""
) -> None:
    """Note it, though Redis may be away for some seconds; what is done is not done again for that.

    When even that fails, only the library knows what became of it, if there is one.
    """
    for pause in PAUSES:
        time.sleep(pause)
        with suppress(RedisError):
            notes.note(redis, id_, state, worker, outcome, why)
            return


def received(fields: object) -> Work:
    """Return the piece of work that a library hands over; raises ArgumentsError if it is none."""
    try:
        return read_work(fields)
    except TypeError:
        raise ArgumentsError("What came is no piece of work.") from None
