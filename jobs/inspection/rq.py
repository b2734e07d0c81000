"""What RQ has in hand: its registries, and the workers that registered themselves."""

from contextlib import suppress
from typing import Any

from redis import Redis
from rq import Worker as RqWorker
from rq.job import Job
from rq.registry import (
    BaseRegistry,
    FailedJobRegistry,
    ScheduledJobRegistry,
    StartedJobRegistry,
)
from rq.serializers import JSONSerializer

from jobs.inspection.shape import MOST, Held, Inspection, Worker, task_of
from jobs.ways.rq import Rq, last_line, queue

SAID = (
    "RQ's workers reserve nothing: what is not active waits in the queue. A killed worker stays in "
    "this list until its key expires, after up to seven minutes."
)


def inspect(redis: Redis) -> Inspection:
    """Read the registries; raises RedisError."""
    jobs = queue(redis)
    return Inspection(
        "rq",
        Rq.title,
        SAID,
        [_worker(one) for one in RqWorker.all(queue=jobs)],
        active=_held(redis, StartedJobRegistry(queue=jobs)),
        scheduled=_held(redis, ScheduledJobRegistry(queue=jobs)),  # type: ignore[no-untyped-call]
        failed=_held(redis, FailedJobRegistry(queue=jobs)),
    )


def _worker(one: Any) -> Worker:
    job = one.get_current_job_id()
    state = f"{one.get_state()} with {job}" if job else str(one.get_state())
    return Worker(one.name, state, "a process each", 1, one.pid or 0)


def _held(redis: Redis, registry: BaseRegistry) -> list[Held]:
    # Without cleaning up, which would try abandoned jobs again because somebody looked.
    ids = registry.get_job_ids(0, MOST - 1, cleanup=False)
    jobs = Job.fetch_many(ids, connection=redis, serializer=JSONSerializer) if ids else []
    return [_one(registry, job) for job in jobs if job]


def _one(registry: BaseRegistry, job: Job) -> Held:
    task, due = "", 0.0
    with suppress(Exception):  # what came from elsewhere may be in any form
        task = task_of(job.args[0])
    if isinstance(registry, ScheduledJobRegistry):
        with suppress(Exception):  # it was scheduled a moment ago, and is no more
            due = registry.get_scheduled_time(job).timestamp()
    why = last_line(job) if isinstance(registry, FailedJobRegistry) else ""
    return Held(job.id, task, job.worker_name or "", due, why)
