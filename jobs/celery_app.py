"""The app that Celery's own workers run: celery --app jobs.celery_app worker

Settings that differ from Celery's defaults say why; all others stay. So a worker acknowledges a
task before it does it: who is killed with one in hand has lost it (see task_acks_late). And each of
its processes reserves four tasks ahead (worker_prefetch_multiplier).
"""

import time
from typing import Any

from celery import Celery, Task, signals
from celery.concurrency.prefork import TaskPool as Prefork
from celery.schedules import crontab

from jobs import notes
from jobs.arguments import ArgumentsError
from jobs.broker import BROKER_URL, IS_REDIS, RESULT_URL
from jobs.doing import do, received
from jobs.outcome import Outcome, TaskError
from jobs.periodic import MINUTE, PERIODIC, TEN_SECONDS, switched
from jobs.presence import Presence
from jobs.work import Work
from messaging.connection import CONNECT_WITHIN, connect
from messaging.settings import KEY_PREFIX

QUEUE = "celery"  # Celery's own default
PREFIX = {"global_keyprefix": f"{KEY_PREFIX}jobs:celery:"}  # of all keys that Celery keeps in Redis
# Whoever asks learns within two seconds that the broker is away; by default it would be never.
IN_TIME: dict[str, Any] = {"max_retries": 1, "interval_start": 0, "interval_max": 0.1}
# A worker's longest command, BRPOP, takes one second.
OF_REDIS = {**PREFIX, "socket_connect_timeout": CONNECT_WITHIN, "socket_timeout": 1.5}
OF_RABBITMQ = {"confirm_publish": True}  # else nobody learns that RabbitMQ did not take a message

app = Celery("jobs", broker=BROKER_URL, backend=RESULT_URL)
app.conf.update(
    broker_connection_retry_on_startup=True,  # what 6.0 will do; today it must be said
    broker_connection_timeout=1,
    broker_transport_options=(OF_REDIS if IS_REDIS else OF_RABBITMQ) | IN_TIME,
    result_backend_transport_options=PREFIX,
    result_expires=notes.KEPT_FOR,
    task_publish_retry_policy=IN_TIME,
    task_track_started=True,  # else a task in hand is PENDING, like one that nobody has taken
    beat_schedule={
        # A tick that no worker takes before the next one is dropped.
        TEN_SECONDS: {
            "task": "jobs.tick",
            "schedule": 10.0,
            "args": (TEN_SECONDS,),
            "options": {"expires": 10},
        },
        MINUTE: {
            "task": "jobs.tick",
            "schedule": crontab(),  # each minute
            "args": (MINUTE,),
            "options": {"expires": 60},
        },
    },
)

# The process that does a piece says that it is alive: Celery tells nobody that one was killed
# together with all its processes.
worker = Presence("celery")


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def child_is_present(**_: object) -> None:
    """With prefork, the children do the work."""
    with connect(connections=1) as redis:
        worker.name(redis)


@signals.worker_ready.connect  # type: ignore[untyped-decorator]
def worker_is_present(sender: Any, **_: object) -> None:
    if not isinstance(sender.pool, Prefork):
        with connect(connections=1) as redis:
            worker.name(redis)


@app.task(  # type: ignore[untyped-decorator]
    name="jobs.do_work",
    bind=True,
    autoretry_for=(TaskError,),
    dont_autoretry_for=(ArgumentsError,),  # they stay as they are
    retry_backoff=1,
    retry_jitter=False,
    max_retries=3,
)
def do_work(self: Task, fields: dict[str, Any]) -> Outcome:
    """Do a piece of work; Celery notes an error, and tries again after 1, 2 and 4 seconds."""
    is_last_try = self.request.retries >= (self.max_retries or 0)
    with connect(connections=1) as redis:
        return do(redis, received(fields), worker.name(redis), is_last_try)


@app.task(name="jobs.tick", bind=True)  # type: ignore[untyped-decorator]
def tick(self: Task, name: str) -> Outcome:
    """Do a periodic piece as if somebody had asked for it; nothing while it is switched off."""
    with connect(connections=1) as redis:
        if not switched(redis).get(name):
            return f"{name} is off."
        task, arguments = PERIODIC[name].task, PERIODIC[name].arguments
        work = Work(self.request.id, "celery", task, arguments, time.time())
        notes.note_asked(redis, work)
        return do(redis, work, worker.name(redis))
