"""What RQ's own workers run, and their settings: rq worker --config jobs.rq_tasks"""

import os
from typing import Any

from rq import get_current_job
from rq.job import Job

from jobs.arguments import ArgumentsError
from jobs.doing import do, received
from jobs.outcome import Outcome
from messaging.connection import connect
from messaging.settings import KEY_PREFIX
from messaging.settings import REDIS_URL as REDIS_URL  # RQ reads what is written in capitals

QUEUE = f"{KEY_PREFIX}jobs"
QUEUES = [QUEUE]


def name_of(pid: int | None, name: str) -> str:
    """Return how a worker is called here: RQ's own name does not tell whom one would kill."""
    return f"rq-{pid or 0}-{name[:4]}"


def do_work(fields: dict[str, Any]) -> Outcome:
    """Do a piece of work, as RQ's worker asks; an error is RQ's to note, and to try again."""
    job = get_current_job() or Job.create(do_work)
    me = name_of(os.getppid(), job.worker_name or "")  # for the worker starts a process for each
    with connect(connections=1) as redis:
        try:
            return do(redis, received(fields), me, not job.should_retry)
        except ArgumentsError:
            job.retries_left = 0  # they stay as they are
            raise
