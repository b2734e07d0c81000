"""Celery: its own worker does what is asked for, and what Celery knows of it is told."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import pytest
from redis import Redis

from jobs import notes
from jobs.asking import ask
from jobs.celery_app import app, do_work
from jobs.commands import POOLS, celery_worker
from jobs.ways.celery import Celery
from jobs.work import Piece, State, Work
from tests.at_work import AtWork, at_work, ended, events, has_state, states
from tests.parts import RedisServer
from tests.processes import Process, eventually

CELERY = Celery()
RETRIED = [State.STARTED, State.RETRY]


@pytest.fixture(autouse=True)
def redis(server: RedisServer) -> Iterator[Redis]:
    """A client of a Redis that is not emptied between the tests."""
    with Redis.from_url(server.url) as client:
        yield client


@pytest.fixture(scope="module")
def celery(server: RedisServer) -> Iterator[AtWork]:
    with (
        Redis.from_url(server.url) as redis,
        at_work(redis, celery_worker(), lambda: len(CELERY.workers(redis)) >= 2) as one,
    ):
        yield one


@pytest.fixture
def worker(celery: AtWork) -> Process:
    return celery.process()


def test_a_piece_is_done_by_the_worker(redis: Redis, worker: Process) -> None:
    piece = ended(redis, ask(redis, CELERY, "wait", {"seconds": "0.1"}))
    assert [one.state for one in piece.events] == [State.STARTED, State.SUCCESS]
    assert piece.last.outcome == "Waited 0.1 s."
    assert piece.last.worker in CELERY.workers(redis)
    assert CELERY.waiting(redis) == 0


def test_what_fails_is_tried_again_after_a_while(redis: Redis, worker: Process) -> None:
    piece = ask(redis, CELERY, "fail", {"reason": "No."})
    has_state(redis, piece, State.STARTED, times=2)
    assert states(redis, piece)[:3] == [*RETRIED, State.STARTED]
    first, again, second = events(redis, piece)[:3]
    assert again.why == "No."
    assert second.at - first.at >= 0.99


@pytest.mark.heavy
def test_after_three_tries_more_it_has_failed(redis: Redis, worker: Process) -> None:
    piece = ended(redis, ask(redis, CELERY, "fail", {"reason": "No."}))
    assert [one.state for one in piece.events] == [*3 * RETRIED, State.STARTED, State.FAILURE]
    begun = [one.at for one in piece.events if one.state is State.STARTED]
    gaps = [after - before for before, after in pairwise(begun)]
    assert all(due - 0.01 < gap for due, gap in zip((1, 2, 4), gaps, strict=True)), gaps
    eventually(lambda: do_work.AsyncResult(piece.work.id).state == "FAILURE")


def test_arguments_that_cannot_be_are_not_tried_again(redis: Redis, worker: Process) -> None:
    work = Work(f"elsewhere-{time.time_ns()}", "celery", "wait", {"seconds": "ages"}, time.time())
    notes.note_asked(redis, work)
    do_work.apply_async((asdict(work),), task_id=work.id)
    piece = ended(redis, Piece(work))
    assert [one.state for one in piece.events] == [State.STARTED, State.FAILURE]
    assert piece.last.why == "seconds: a number from 0 to 60."
    eventually(lambda: do_work.AsyncResult(work.id).state == "FAILURE")


@pytest.mark.parametrize("junk", ["junk", None, 5, [], {"id": 5}, {"nobody": "knows"}])
def test_what_is_no_piece_of_work_is_a_failure(worker: Process, junk: object) -> None:
    result = do_work.apply_async((junk,))
    eventually(lambda: result.state == "FAILURE")
    assert str(result.result) == "What came is no piece of work."
    assert not worker.has_ended()


def test_a_task_that_nobody_knows_does_not_end_the_worker(redis: Redis, worker: Process) -> None:
    app.send_task("nobody.knows_it")
    app.send_task("jobs.do_work", ("too", "many"))
    ended(redis, ask(redis, CELERY, "wait", {"seconds": "0"}))
    assert not worker.has_ended()


def test_a_piece_for_later_is_done_once_and_not_before(redis: Redis, worker: Process) -> None:
    piece = ask(redis, CELERY, "wait", {"seconds": "0"}, 1.2)
    assert piece.state is State.PENDING
    done = ended(redis, piece)
    assert done.events[0].at >= piece.work.due
    time.sleep(0.5)
    assert states(redis, piece) == [State.STARTED, State.SUCCESS]


def test_a_piece_whose_child_was_killed_has_failed_as_celery_says(
    redis: Redis, worker: Process
) -> None:
    piece = ask(redis, CELERY, "wait", {"seconds": "30"})
    has_state(redis, piece, State.STARTED)
    child = int(events(redis, piece)[0].worker.split("-")[1])
    next(one for one in worker.members() if one.pid == child).kill()
    failed = ended(redis, piece)
    assert [one.state for one in failed.events] == [State.STARTED, State.FAILURE]
    assert "SIGKILL" in failed.last.why
    assert failed.last.at >= failed.events[0].at


def test_a_piece_whose_worker_was_killed_is_unknown(redis: Redis, celery: AtWork) -> None:
    celery.process()
    piece = ask(redis, CELERY, "wait", {"seconds": "30"})
    has_state(redis, piece, State.STARTED)
    celery.kill_all()
    last = ended(redis, piece).last
    assert last.state is State.UNKNOWN
    assert "Celery does not do it again" in last.why
    assert do_work.AsyncResult(piece.work.id).state == "STARTED"  # for ever, if one asks Celery


def test_what_is_to_be_tried_again_is_in_nobodys_hand(redis: Redis) -> None:
    work = Work("to-be-tried", "celery", "fail", {}, time.time())
    notes.note_asked(redis, work)
    notes.note(redis, work.id, State.STARTED, "celery-gone")
    assert states(redis, Piece(work)) == [State.STARTED, State.UNKNOWN]
    notes.note(redis, work.id, State.RETRY, "celery-gone")
    assert states(redis, Piece(work)) == [State.STARTED, State.RETRY]


@pytest.mark.heavy
@pytest.mark.parametrize("pool", POOLS)
def test_each_pool_of_celery_does_what_is_asked_for(
    redis: Redis, celery: AtWork, start: Callable[..., Any], pool: str
) -> None:
    celery.stop()  # it would reserve some
    redis.flushall()
    worker = start(Process, celery_worker(pool, 3))
    eventually(lambda: CELERY.workers(redis))
    pieces = [ask(redis, CELERY, "wait", {"seconds": "1.5"}) for _ in range(3)]
    later = ask(redis, CELERY, "wait", {"seconds": "0"}, 2)
    done = [ended(redis, one) for one in pieces]
    at_once = max(one.events[0].at for one in done) < min(one.last.at for one in done)
    assert at_once is (pool != "solo")
    assert ended(redis, later).events[0].at >= later.work.due
    failed = ended(redis, ask(redis, CELERY, "fail", {}))
    assert [one.state for one in failed.events] == [*3 * RETRIED, State.STARTED, State.FAILURE]
    code, _ = worker.stop()
    assert code == 0
