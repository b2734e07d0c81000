"""What RQ and Celery have in hand: for the terminal, for programs and on the page."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from redis import Redis

from jobs.asking import ask
from jobs.celery_app import app as celery_app
from jobs.commands import RQ_WORKER, celery_worker
from jobs.inspection import inspect
from jobs.inspection.__main__ import main
from jobs.inspection.shape import LISTS, Inspection
from jobs.rq_tasks import do_work
from jobs.ways.celery import Celery
from jobs.ways.rq import Rq, queue
from jobs.work import State
from tests.at_work import at_work, has_state
from tests.parts import RedisServer
from tests.processes import ROOT, eventually
from web import app

RQ, CELERY = Rq(), Celery()
WAYS = {"rq": RQ, "celery": CELERY}


@pytest.fixture(autouse=True)
def redis(server: RedisServer) -> Iterator[Redis]:
    """A client of a Redis that is not emptied between the tests."""
    with Redis.from_url(server.url) as client:
        yield client


@pytest.fixture(scope="module")
def workers(server: RedisServer) -> Iterator[None]:
    with (
        Redis.from_url(server.url) as redis,
        at_work(redis, RQ_WORKER, lambda: RQ.workers(redis)) as rq,
        at_work(redis, celery_worker(at_once=1), lambda: celery_app.control.ping()) as celery,
    ):
        celery.process()
        rq.process()
        yield


def of(redis: Redis, name: str) -> Inspection:
    found = import_module(f"jobs.inspection.{name}").inspect(redis)
    assert isinstance(found, Inspection)
    return found


def test_where_nobody_works_it_takes_a_second_and_says_so(redis: Redis) -> None:
    redis.flushall()
    asked = time.monotonic()
    rq, celery = inspect(redis)
    assert time.monotonic() - asked < 2.5
    assert (rq.workers, rq.active, rq.scheduled, rq.failed) == ([], [], [], [])
    assert "No worker answered within a second." in celery.said
    assert (celery.workers, celery.active, celery.failed) == ([], None, [])


def test_the_script_prints_it(redis: Redis, workers: None) -> None:
    job = queue(redis).enqueue(do_work, "\x1b[2J junk")
    eventually(lambda: job.get_status() == "failed")
    command = [sys.executable, "-m", "jobs.inspection"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "ArgumentsError: What came is no piece of work." in said
    assert "Flower" in said
    assert "\x1b" not in said
    assert "prefork, 1 at once" in said


def test_programs_have_it_as_json(redis: Redis, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    answer = app.test_client().get("/jobs/inspect", headers={"Accept": "application/json"})
    assert answer.json == found
    assert [one["way"] for one in found] == ["rq", "celery"]
    assert all({*LISTS} <= {*one} for one in found)


def test_the_page_shows_it(redis: Redis, workers: None) -> None:
    client = app.test_client()
    page = client.get("/jobs/inspect")
    assert page.status_code == 200
    for text in ("prefork", "rq-dashboard", "Celery keeps no list of what failed", "scheduled"):
        assert text in page.text


@pytest.mark.parametrize("name", WAYS)
def test_each_piece_is_in_its_list(redis: Redis, workers: None, name: str) -> None:
    first = ask(redis, WAYS[name], "wait", {"seconds": "30"})
    has_state(redis, first, State.STARTED)
    second = ask(redis, WAYS[name], "wait", {"seconds": "0"})
    later = ask(redis, WAYS[name], "wait", {"seconds": "0"}, 60)
    eventually(lambda: [one.id for one in of(redis, name).scheduled or []] == [later.work.id])
    found = of(redis, name)
    assert [(one.id, one.task) for one in found.active or []] == [(first.work.id, "wait")]
    due = (found.scheduled or [])[0].due
    assert later.work.due - 1 < due < later.work.due + 1.1
    (worker,) = found.workers
    assert worker.pid > 0
    if name == "celery":
        assert [one.id for one in found.reserved or []] == [second.work.id]
        assert (worker.pool, worker.at_once) == ("prefork", 1)
    else:
        assert found.reserved is None
        assert worker.state == f"busy with {first.work.id}"
