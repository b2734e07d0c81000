"""Pieces of work that nobody has any more, that nobody took, and that nobody can read."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis, RedisError

from jobs import notes
from jobs.asking import ask, look_up
from jobs.codes import may_ask
from jobs.commands import LIST_WORKER
from jobs.doing import do
from jobs.presence import NAMES, renew
from jobs.ways import WAYS
from jobs.ways.list import NOT_THERE, QUEUE
from jobs.ways.thread import MOST
from jobs.ways.way import AwayError, FullError, NotPossibleError
from jobs.work import State
from tests.parts import RedisServer
from tests.processes import Process, eventually
from web import app

PHONE = {"phone": "+12025550123"}


def state_of(redis: Redis, id_: str) -> State:
    found = look_up(redis, id_)
    assert found
    return found.state


def test_what_is_not_on_the_list_any_more_is_lost(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, waits = (ask(redis, WAYS["list"], "wait", {}).work.id for _ in range(2))
    assert redis.rpop(QUEUE)
    monkeypatch.setattr("jobs.ways.list.BEGUN_WITHIN", 0.0)
    assert {state_of(redis, lost), state_of(redis, waits)} == {State.PENDING}
    assert redis.rpop(QUEUE)
    found = look_up(redis, lost)
    assert found
    assert (found.state, found.last.why) == (State.UNKNOWN, NOT_THERE)


def test_what_was_popped_a_moment_ago_may_still_begin(redis: Redis) -> None:
    id_ = ask(redis, WAYS["list"], "wait", {}).work.id
    redis.delete(QUEUE)
    assert state_of(redis, id_) is State.PENDING


def test_what_is_lost_can_be_forgotten_and_what_is_in_hand_cannot(redis: Redis) -> None:
    lost, in_hand = (ask(redis, WAYS["list"], "wait", {}).work.id for _ in range(2))
    notes.note(redis, lost, State.STARTED, "worker-gone")
    notes.note(redis, in_hand, State.STARTED, "worker-there")
    renew(redis, "worker-there")
    client = app.test_client()
    assert client.post("/jobs/list/forget", headers={"Accept": "text/html"}).status_code == 303
    assert look_up(redis, lost) is None
    assert state_of(redis, in_hand) is State.STARTED


@pytest.mark.parametrize(
    "line", ["{}", "7", "junk", "[]", json.dumps({"id": 1}), "[" * 9000, '{"state": "NEW"}']
)
def test_notes_that_nobody_can_read_are_left_out(redis: Redis, line: str) -> None:
    good = ask(redis, WAYS["inline"], "wait", {"seconds": 0}).work.id
    redis.rpush(f"{notes.PIECE}junk", line)
    redis.rpush(f"{notes.PIECE}half", *redis.lrange(f"{notes.PIECE}{good}", 0, 0), '{"state": "?"}')
    redis.lpush(f"{notes.LATEST}inline", "junk", "half")
    assert [one.work.id for one in notes.latest(redis, "inline")] == [good]
    client = app.test_client()
    assert client.get("/jobs?left=inline&right=list").status_code == 200
    assert client.get("/jobs/junk").status_code == 404


@pytest.mark.parametrize(
    "error", [AwayError("It is away."), RuntimeError("can't start new thread")]
)
def test_what_nobody_took_has_failed(
    redis: Redis, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(WAYS["list"], "start", refuse)
    with pytest.raises(type(error)):
        ask(redis, WAYS["list"], "sms_code", PHONE)
    (piece,) = notes.latest(redis, "list")
    assert piece.state is State.FAILURE
    assert may_ask(redis, PHONE["phone"])  # for no code was sent


def test_a_code_cannot_be_asked_for_in_advance(redis: Redis) -> None:
    with pytest.raises(NotPossibleError, match="sms_code is done at once, and not later"):
        ask(redis, WAYS["celery"], "sms_code", PHONE, delay=60)


def test_threads_have_an_end(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.ways.thread.begun", lambda: MOST)
    with pytest.raises(FullError, match=f"{MOST} threads of this web process are at work."):
        ask(redis, WAYS["thread"], "wait", {})
    assert notes.latest(redis, "thread")[0].state is State.FAILURE


class Away:
    """A Redis that is away for the first writes of an outcome."""

    def __init__(self, redis: Redis, failures: int) -> None:
        self._redis, self._failures, self.tried = redis, failures, 0

    def pipeline(self) -> Any:
        self.tried += 1
        if 1 < self.tried <= 1 + self._failures:  # the first one notes the beginning
            raise RedisError
        return self._redis.pipeline()


@pytest.mark.parametrize(("failures", "state"), [(2, State.SUCCESS), (99, State.STARTED)])
def test_an_outcome_is_noted_when_redis_is_back_and_the_work_is_not_done_again(
    redis: Redis, failures: int, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.doing.PAUSES", (0.0,) * 5)
    work = ask(redis, WAYS["list"], "wait", {"seconds": 0}).work
    away = Away(redis, failures)
    assert do(away, work, "worker-there") == "Waited 0 s."  # type: ignore[arg-type]
    assert notes.latest(redis, "list")[0].state is state
    assert away.tried == min(failures + 2, 6)


def test_who_is_gone_is_forgotten(redis: Redis) -> None:
    renew(redis, "worker-1")
    redis.sadd(NAMES, "worker-gone")
    assert WAYS["list"].workers(redis) == ["worker-1"]
    assert b"worker-gone" not in redis.smembers(NAMES)


def test_a_worker_waits_for_a_redis_that_is_restarted(
    start: Callable[..., Any], own_server: RedisServer, tmp_path: Any
) -> None:
    worker: Process = start(Process, LIST_WORKER, {"REDIS_URL": own_server.url})
    with Redis.from_url(own_server.url) as own:
        eventually(lambda: WAYS["list"].workers(own))
        own_server.kill()
        worker.says(" is away: ")
        start(RedisServer, own_server.port, tmp_path)
        piece = ask(own, WAYS["list"], "wait", {"seconds": 0})
        eventually(lambda: state_of(own, piece.work.id) is State.SUCCESS)
    assert "Traceback" not in worker.text
