"""The commands that start workers and the clock, as the documentation of each library tells."""

import sys
from pathlib import Path

AT_ONCE = 2  # pieces that the workers of a way do at the same time
POOLS = ("prefork", "threads", "gevent", "solo")  # of Celery
RQ = [sys.executable, "-m", "rq.cli"]
OF_RQ = ["--config", "jobs.rq_tasks", "--serializer", "json"]
CELERY = [sys.executable, "-m", "celery", "--app", "jobs.celery_app"]
LIST_WORKER = [sys.executable, "jobs/worker.py"]
RQ_WORKER = [*RQ, "worker", *OF_RQ, "--with-scheduler"]


def rq_pool(at_once: int = AT_ONCE) -> list[str]:
    """RQ's worker pool: so many workers under one process, each with a scheduler."""
    return [*RQ, "worker-pool", *OF_RQ, "--num-workers", str(at_once)]


def celery_worker(pool: str = POOLS[0], at_once: int = AT_ONCE) -> list[str]:
    """A worker of Celery, which does so many pieces at once; solo does one."""
    options = f"--pool {pool} --concurrency {at_once} --hostname {pool}@%h --loglevel WARNING"
    return [*CELERY, "worker", *options.split()]


def celery_beat(folder: Path) -> list[str]:
    """Celery's clock, which keeps in `folder` when each tick was last."""
    options = ["--schedule", str(folder / "beat"), "--pidfile=", "--loglevel", "WARNING"]
    return [*CELERY, "beat", *options]


# The workers of each way that has some; together they do AT_ONCE pieces at the same time.
WORKERS: dict[str, list[list[str]]] = {
    "list": [LIST_WORKER] * AT_ONCE,
    "rq": [RQ_WORKER] * AT_ONCE,
    "celery": [celery_worker()],
}
