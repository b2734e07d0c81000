"""What Celery has in hand: its workers tell, as they do for «celery inspect»."""

from datetime import UTC, datetime
from typing import Any

from redis import Redis

from jobs import notes
from jobs.celery_app import app
from jobs.inspection.shape import MOST, Held, Inspection, Worker, task_of
from jobs.ways.celery import AWAY, Celery, why_away
from jobs.work import State

REPLY_WITHIN = 1.0  # second, after which nobody else is waited for
NOBODY = "No worker answered within a second."
SAID = "Celery keeps no list of what failed: this one is of the pieces that were asked for here."


def inspect(redis: Redis) -> Inspection:
    """Ask the workers; raises RedisError."""
    failed = [
        Held(one.work.id, one.work.task, one.last.worker, why=one.last.why)
        for one in Celery().look_up(redis, notes.latest(redis, "celery"))
        if one.state is State.FAILURE
    ][:MOST]
    try:
        stats = app.control.inspect(timeout=REPLY_WITHIN).stats() or {}
        if not stats:
            return Inspection("celery", Celery.title, f"{NOBODY} {SAID}", failed=failed)
        # These workers are known now, so that each answer ends the wait.
        ask = app.control.inspect(destination=[*stats], timeout=REPLY_WITHIN)
        questions = (ask.active, ask.reserved, ask.scheduled)
        active, reserved, scheduled = (_held(question() or {}) for question in questions)
    except AWAY as error:
        return Inspection("celery", Celery.title, f"{why_away(error)} {SAID}", failed=failed)
    return Inspection(
        "celery",
        Celery.title,
        SAID,
        [_worker(name, one) for name, one in sorted(stats.items())],
        active,
        reserved,
        scheduled,
        failed,
    )


def _worker(name: str, stats: dict[str, Any]) -> Worker:
    pool = stats.get("pool") or {}
    module = str(pool.get("implementation", "")).partition(":")[0]  # celery.concurrency.prefork
    kind = module.rpartition(".")[2]
    at_once = pool.get("max-concurrency") or 1
    return Worker(name, "", kind, at_once, stats.get("pid") or 0)


def _held(by_worker: dict[str, list[dict[str, Any]]]) -> list[Held]:
    found = [_one(name, one) for name, tasks in sorted(by_worker.items()) for one in tasks]
    return found[:MOST]


def _one(worker: str, told: dict[str, Any]) -> Held:
    """Read a task; one that is scheduled has it inside."""
    request = told.get("request", told)
    arguments = request.get("args") or [None]
    due = 0.0
    if told.get("eta"):
        eta = datetime.fromisoformat(told["eta"])
        due = (eta if eta.tzinfo else eta.replace(tzinfo=UTC)).timestamp()
    return Held(str(request.get("id", "")), task_of(arguments[0]), worker, due)
