"""RQ: its own worker does what is asked for, and what RQ knows of it is told."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import pytest
from redis import Redis
from rq.job import Job
from rq.registry import FailedJobRegistry, StartedJobRegistry

from jobs import notes
from jobs.asking import ask
from jobs.commands import RQ_WORKER, rq_pool
from jobs.rq_tasks import do_work
from jobs.ways.rq import RETRY, Rq, last_line, queue
from jobs.work import Piece, State, Work
from tests.at_work import AtWork, at_work, ended, events, has_state, states
from tests.parts import RedisServer
from tests.processes import Process, eventually

RQ = Rq()
RETRIED = [State.STARTED, State.RETRY]


@pytest.fixture(autouse=True)
def redis(server: RedisServer) -> Iterator[Redis]:
    """A client of a Redis that is not emptied between the tests: the worker is registered there."""
    with Redis.from_url(server.url) as client:
        yield client


@pytest.fixture(scope="module")
def rq(server: RedisServer) -> Iterator[AtWork]:
    with Redis.from_url(server.url) as redis, at_work(redis, RQ_WORKER, is_up(redis)) as one:
        yield one


@pytest.fixture
def worker(rq: AtWork) -> Process:
    return rq.process()


def is_up(redis: Redis) -> Callable[[], object]:
    return lambda: RQ.workers(redis)


def from_elsewhere(redis: Redis, task: str, arguments: dict[str, Any]) -> Work:
    """A piece that nobody checked."""
    work = Work(f"elsewhere-{time.time_ns()}", "rq", task, arguments, time.time())
    notes.note_asked(redis, work)
    queue(redis).enqueue(do_work, asdict(work), job_id=work.id, retry=RETRY())
    return work


def test_a_piece_is_done_by_the_worker(redis: Redis, worker: Process) -> None:
    piece = ended(redis, ask(redis, RQ, "wait", {"seconds": "0.1"}))
    assert [one.state for one in piece.events] == [State.STARTED, State.SUCCESS]
    assert piece.last.outcome == "Waited 0.1 s."
    assert piece.last.worker in RQ.workers(redis)
    assert RQ.waiting(redis) == 0


def test_what_fails_is_tried_again_after_a_while(redis: Redis, worker: Process) -> None:
    piece = ask(redis, RQ, "fail", {"reason": "No."})
    has_state(redis, piece, State.STARTED, times=2)
    assert states(redis, piece)[:3] == [*RETRIED, State.STARTED]
    assert events(redis, piece)[1].why == "No."


@pytest.mark.heavy
def test_after_three_tries_more_it_has_failed(redis: Redis, worker: Process) -> None:
    piece = ended(redis, ask(redis, RQ, "fail", {"reason": "No."}))
    assert [one.state for one in piece.events] == [*3 * RETRIED, State.STARTED, State.FAILURE]
    begun = [one.at for one in piece.events if one.state is State.STARTED]
    gaps = [after - before for before, after in pairwise(begun)]
    # RQ's clock has whole seconds: a wait may be a second shorter or longer.
    assert all(due - 1 < gap < due + 3 for due, gap in zip((1, 2, 4), gaps, strict=True)), gaps
    job = Job.fetch(piece.work.id, connection=redis)
    eventually(lambda: job.get_status() == "failed")


def test_arguments_that_cannot_be_are_not_tried_again(redis: Redis, worker: Process) -> None:
    piece = ended(redis, Piece(from_elsewhere(redis, "wait", {"seconds": "ages"})))
    assert [one.state for one in piece.events] == [State.STARTED, State.FAILURE]
    assert piece.last.why == "seconds: a number from 0 to 60."
    eventually(lambda: piece.work.id in FailedJobRegistry(queue=queue(redis)))
    assert RQ.waiting(redis) == 0


@pytest.mark.parametrize("junk", ["junk", None, 5, [], {"id": 5}, {"nobody": "knows"}])
def test_what_is_no_piece_of_work_is_a_failed_job(
    redis: Redis, worker: Process, junk: object
) -> None:
    job = queue(redis).enqueue(do_work, junk, retry=RETRY())
    eventually(lambda: job.get_status() == "failed")
    assert last_line(job).endswith("What came is no piece of work.")
    assert not worker.has_ended()


def test_a_function_that_nobody_knows_is_a_failed_job(redis: Redis, worker: Process) -> None:
    job = queue(redis).enqueue("nobody.knows_it")
    eventually(lambda: job.get_status() == "failed")
    ended(redis, ask(redis, RQ, "wait", {"seconds": "0"}))


def test_a_piece_for_later_is_done_once_and_not_before(redis: Redis, worker: Process) -> None:
    piece = ask(redis, RQ, "wait", {"seconds": "0"}, 1.2)
    assert piece.state is State.PENDING
    done = ended(redis, piece)
    assert done.events[0].at >= piece.work.due
    assert done.events[0].at < piece.work.due + 10
    time.sleep(0.5)
    assert states(redis, piece) == [State.STARTED, State.SUCCESS]


def test_rq_tries_again_what_its_killed_child_had_in_hand(redis: Redis, worker: Process) -> None:
    idle = {one.pid for one in worker.members()}
    piece = ask(redis, RQ, "wait", {"seconds": "1"})
    has_state(redis, piece, State.STARTED)
    (child,) = (one for one in worker.members() if one.pid not in idle)
    child.kill()
    eventually(lambda: State.RETRY in states(redis, piece))
    has_state(redis, piece, State.STARTED, times=2)
    assert ended(redis, piece).state is State.SUCCESS


def test_a_job_whose_worker_was_killed_is_tried_again_when_rq_looks(
    own_server: RedisServer,
) -> None:
    with (
        Redis.from_url(own_server.url) as redis,
        at_work(redis, RQ_WORKER, is_up(redis), REDIS_URL=own_server.url) as rq,
    ):
        rq.process()
        piece = ask(redis, RQ, "wait", {"seconds": "30"})
        has_state(redis, piece, State.STARTED)
        rq.kill_all()
        assert states(redis, piece) == [State.STARTED]
        jobs = queue(redis)
        StartedJobRegistry(queue=jobs).cleanup()  # what a worker does when it starts
        assert states(redis, piece) == [State.STARTED]  # its heartbeat is too young
        StartedJobRegistry(queue=jobs).cleanup(time.time() + 91)
        assert states(redis, piece) == [State.STARTED, State.RETRY]


def test_a_job_that_rq_has_given_up_has_failed(redis: Redis) -> None:
    work = Work("given-up", "rq", "wait", {"seconds": 0}, time.time() - 60)
    notes.note_asked(redis, work)
    notes.note(redis, work.id, State.STARTED, "rq-gone")
    job = queue(redis).create_job(do_work, (asdict(work),), job_id=work.id)
    job.save()
    job.set_status("failed")  # type: ignore[arg-type]
    assert states(redis, Piece(work)) == [State.STARTED, State.FAILURE]
    job.delete()
    assert states(redis, Piece(work)) == [State.STARTED]  # it may come yet


def test_a_job_that_rq_does_not_know_is_unknown(redis: Redis) -> None:
    work = Work("unknown", "rq", "wait", {"seconds": 0}, time.time() - 60)
    notes.note_asked(redis, work)
    (last,) = events(redis, Piece(work))
    assert (last.state, last.why) == (State.UNKNOWN, "RQ has no such job any more.")


@pytest.mark.heavy
def test_rqs_worker_pool_does_several_at_once(
    start: Callable[..., Any], own_server: RedisServer
) -> None:
    with Redis.from_url(own_server.url) as redis:
        pool = start(Process, rq_pool(3), environ={"REDIS_URL": own_server.url})
        eventually(lambda: len(RQ.workers(redis)) == 3)
        pieces = [ask(redis, RQ, "wait", {"seconds": "2"}) for _ in range(3)]
        later = ask(redis, RQ, "wait", {"seconds": "0"}, 3)
        done = [ended(redis, one) for one in pieces]
        assert max(one.events[0].at for one in done) < min(one.last.at for one in done)
        assert ended(redis, later).state is State.SUCCESS
        pool.stop()
