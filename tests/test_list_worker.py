"""The worker of the list: what it has in hand, what it cannot read, and how it ends."""

import json
from collections.abc import Callable
from typing import Any

from redis import Redis

from jobs import notes
from jobs.asking import ask, look_up
from jobs.commands import LIST_WORKER
from jobs.ways import WAYS
from jobs.ways.list import QUEUE
from jobs.work import State
from tests.at_work import ended
from tests.processes import Process, eventually


def test_what_a_killed_worker_had_in_hand_is_unknown(redis: Redis, list_worker: Process) -> None:
    pieces = [ask(redis, WAYS["list"], "wait", {"seconds": 30}) for _ in range(2)]
    eventually(lambda: any(one.state is State.STARTED for one in notes.latest(redis, "list")))
    list_worker.kill()
    first = ended(redis, pieces[0])
    assert (first.state, first.last.why) == (State.UNKNOWN, WAYS["list"].when_gone)
    second = look_up(redis, pieces[1].work.id)
    assert second
    assert second.state is State.PENDING  # Redis has it, for a worker that may come
    assert WAYS["list"].waiting(redis) == 1
    assert not WAYS["list"].workers(redis)


def test_who_is_alive_is_not_given_up(redis: Redis, list_worker: Process) -> None:
    """A lease lasts three seconds; the work lasts longer, and is known to go on."""
    piece = ask(redis, WAYS["list"], "wait", {"seconds": 3.5})
    seen = set()

    def is_over() -> bool:
        found = look_up(redis, piece.work.id)
        assert found
        seen.add(found.state)
        return found.state.is_final

    eventually(is_over)
    assert seen <= {State.PENDING, State.STARTED, State.SUCCESS}


def test_a_worker_finishes_what_it_has_in_hand_before_it_stops(
    redis: Redis, list_worker: Process
) -> None:
    piece = ask(redis, WAYS["list"], "wait", {"seconds": 1})
    eventually(lambda: notes.latest(redis, "list")[0].state is State.STARTED)
    code, _ = list_worker.stop()
    found = look_up(redis, piece.work.id)
    assert found
    assert (code, found.state) == (0, State.SUCCESS)


JUNK = [b"7", b"{", b"[]", b"\xff\xfe", b"{}", b'{"id": "x"}', b"null", b"[" * 5000]


def test_junk_kills_no_worker(redis: Redis, list_worker: Process) -> None:
    good = ask(redis, WAYS["list"], "wait", {"seconds": 0})
    ended(redis, good)
    work = json.loads(redis.lrange(f"task:jobs:piece:{good.work.id}", 0, 0)[0])
    for wrong in (
        {"task": "rm"},
        {"arguments": {"seconds": 1e99}},
        {"arguments": 3},
        {"way": 1},
        {"id": None},
    ):
        redis.lpush(QUEUE, json.dumps(work | wrong))
    redis.lpush(QUEUE, *JUNK)
    assert ended(redis, ask(redis, WAYS["list"], "wait", {"seconds": 0})).state is State.SUCCESS
    assert not list_worker.has_ended()
    assert "Traceback" not in list_worker.text
    assert list_worker.text.count("What came is no piece of work.") == len(JUNK) + 3


def test_a_piece_that_was_forgotten_stays_forgotten(redis: Redis, list_worker: Process) -> None:
    piece = ask(redis, WAYS["list"], "wait", {"seconds": 0.5})
    eventually(lambda: notes.latest(redis, "list")[0].state is State.STARTED)
    notes.forget(redis, piece)
    eventually(lambda: "Waited 0.5 s." in list_worker.text)
    assert look_up(redis, piece.work.id) is None
    assert not notes.latest(redis, "list")
    assert not redis.keys("task:jobs:piece:*")


def test_a_worker_waits_for_redis(start: Callable[..., Any]) -> None:
    worker: Process = start(Process, LIST_WORKER, {"REDIS_URL": "redis://localhost:1/5"})
    worker.says("Redis at localhost:1/5 is away")
    code, _ = worker.stop()
    assert code == 0
    assert "Traceback" not in worker.text
