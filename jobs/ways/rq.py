"""RQ: jobs in Redis, with a worker, results, retries and a scheduler of its own.

A worker starts a process for each job. When only the worker is killed, that process finishes its
job. When only that process is killed, the worker notices at once, and RQ tries again. When both are
killed, the job is abandoned after 90 seconds without a heartbeat, and RQ tries again when a worker
finds that. Workers look when they start, and later when ten minutes have passed and they have
nothing to do, for which they wait 405 seconds at a time: measured with a worker that was started
again at once, the second try began after 813 seconds.
"""

import math
import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial

from redis import Redis
from rq import Queue, Retry, Worker
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from jobs.notes import KEPT_FOR
from jobs.rq_tasks import QUEUE, do_work, name_of
from jobs.ways.way import Way
from jobs.work import Event, Piece, State, Work

RETRY = partial(Retry, max=3, interval=[1, 2, 4])  # seconds between the tries
OVER = (JobStatus.FAILED, JobStatus.STOPPED, JobStatus.CANCELED)
WAITS_AGAIN = (JobStatus.SCHEDULED, JobStatus.QUEUED)
ENQUEUED_WITHIN = 5.0  # seconds from being asked for until RQ knows of a job


def queue(redis: Redis) -> Queue:
    # RQ's default is pickle. Whoever can write to RQ's keys has functions run here with JSON as
    # well, for RQ finds each by its name.
    return Queue(QUEUE, connection=redis, serializer=JSONSerializer)


class Rq(Way):
    name = "rq"
    title = "RQ"
    who = "RQ's worker takes jobs from Redis, and starts a process for each."
    lacks = (
        "A process for each job costs milliseconds. What a killed worker had in hand is done "
        "again, but not before RQ notices: after up to 14 minutes."
    )
    can_wait = True

    def start(self, redis: Redis, work: Work) -> None:
        kept = {"result_ttl": KEPT_FOR, "failure_ttl": KEPT_FOR}
        options = {"job_id": work.id, "retry": RETRY(), **kept}
        if work.due:
            # RQ's scheduler knows whole seconds, and would cut off the rest: never too early.
            due = datetime.fromtimestamp(math.ceil(work.due), UTC)
            queue(redis).enqueue_at(due, do_work, asdict(work), **options)
        else:
            queue(redis).enqueue(do_work, asdict(work), **options)

    def waiting(self, redis: Redis) -> int:
        return len(queue(redis))

    def workers(self, redis: Redis) -> list[str]:
        return [name_of(one.pid, one.name) for one in Worker.all(queue=queue(redis))]

    def look_up(self, redis: Redis, pieces: Iterable[Piece]) -> list[Piece]:
        """Add what RQ alone knows: that a job ended, or waits again, without a word of its own."""
        pieces = list(pieces)
        ids = [one.work.id for one in pieces if not one.state.is_final]
        jobs = Job.fetch_many(ids, connection=redis, serializer=JSONSerializer) if ids else []
        known = dict(zip(ids, jobs, strict=True))
        return [
            _with_job(one, known[one.work.id]) if one.work.id in known else one for one in pieces
        ]


def _with_job(piece: Piece, job: Job | None) -> Piece:
    """Add how RQ goes on with a piece that is not over."""
    last = piece.last
    if not job:
        if time.time() < last.at + ENQUEUED_WITHIN:
            return piece
        return piece.with_event(
            Event(State.UNKNOWN, last.at, last.worker, why="RQ has no such job any more.")
        )
    status = job.get_status(refresh=False)
    at = job.ended_at.timestamp() if job.ended_at else last.at
    if status == JobStatus.FINISHED:
        return piece.with_event(Event(State.SUCCESS, at, last.worker, job.return_value()))
    if status in OVER:
        why = last_line(job) or f"RQ says {status}."
        return piece.with_event(Event(State.FAILURE, at, last.worker, why=why))
    if status in WAITS_AGAIN and last.state is State.STARTED:
        why = "The process that had it in hand is gone; RQ tries again."
        return piece.with_event(Event(State.RETRY, at, last.worker, why=why))
    return piece


def last_line(job: Job) -> str:
    """Return the last line of the traceback, which says what happened; empty without one."""
    result = job.latest_result()
    return " ".join(((result and result.exc_string) or "").strip().splitlines()[-1:])
