"""A full Redis: what it still allows goes on, and what it refuses is said by its cause."""

import signal
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import ResponseError

from attack.faults import full, read_only
from patterns import PATTERNS
from patterns.reliable import RELIABLE
from tests.messages import message, send
from tests.parts import Listener, RedisServer, Web
from tests.places import KEEPING
from tests.processes import eventually

Start = Callable[..., Any]


@pytest.mark.parametrize("name", KEEPING)
def test_taking_goes_on_where_redis_allows_it_and_else_that_is_said(
    name: str, own_server: RedisServer, start: Start
) -> None:
    own = Redis.from_url(own_server.url)
    listener = start(Listener, name, REDIS_URL=own_server.url)
    send(own, name, message("1"))
    listener.receives(1)
    listener.gets(signal.SIGSTOP)
    send(own, name, *(message(str(n), n) for n in range(2, 7)))
    with full(own):
        listener.gets(signal.SIGCONT)
        if needs_memory(own, PATTERNS[name].commands.take[0]):
            listener.says("is full: it refuses whatever needs memory")
        else:
            listener.receives(6)
            eventually(lambda: PATTERNS[name].store.unfinished(own) == 0)
    assert sorted(line["body"] for line in listener.receives(6)) == [*"123456"]
    eventually(lambda: PATTERNS[name].store.unfinished(own) == 0)
    assert listener.stop()[0] == 0
    assert "taken over" not in listener.text


def needs_memory(redis: Redis, command: str) -> bool:
    """Whether Redis refuses a command when it is full, as it says itself."""
    info: Any = redis.command()
    return "denyoom" in info[command.lower()]["flags"]


def test_the_page_says_who_is_refused_and_that_it_is_over(
    own_web: Web, own_server: RedisServer, start: Start
) -> None:
    own = Redis.from_url(own_server.url)
    start(Listener, "reliable", REDIS_URL=own_server.url)

    def state() -> list[str]:
        return [one["state"] for one in own_web.figures("reliable")["listeners"]]

    eventually(lambda: state() == ["waiting"])
    with full(own):
        eventually(lambda: state() == ["refused"])
        told = own_web.figures("reliable")
        assert "is full" in told["listeners"][0]["doing"]
        assert "1 listener refused by Redis" in told["rest"]
    eventually(lambda: state() == ["waiting"])


@pytest.mark.parametrize("name", KEEPING)
def test_a_full_place_can_be_emptied(name: str, own_server: RedisServer) -> None:
    own = Redis.from_url(own_server.url)
    store = PATTERNS[name].store
    send(own, name, *(message(str(n), n) for n in range(1, 6)))
    with full(own):
        assert store.empty(own) == 5
        assert store.unfinished(own) == 0


@pytest.mark.parametrize("name", ["reliable", "stream"])
def test_nothing_is_deleted_that_is_not_counted(name: str, redis: Redis) -> None:
    """Where the dead letters cannot be deleted, all that waits stays."""
    store = PATTERNS[name].store
    send(redis, name, *(message(str(n), n) for n in range(1, 6)))
    redis.set(PATTERNS[name].dead_letters, "of another program")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        store.empty(redis)
    redis.delete(PATTERNS[name].dead_letters)
    assert store.empty(redis) == 5


def test_a_reset_says_what_it_did_and_what_was_refused(
    own_web: Web, own_server: RedisServer
) -> None:
    own = Redis.from_url(own_server.url)
    own_web.send("/prodcons?count=5")
    own.set(RELIABLE, "of another program")
    answer = own_web.ask("/reset?what=queue", "POST", Accept="application/json")
    assert answer.status == 503
    assert answer.json()["error"].startswith("5 messages deleted. Reliable queue: not emptied. ")
    own.delete(RELIABLE)
    own_web.send("/prodcons")
    with full(own):
        answer = own_web.ask("/reset?what=queue", "POST", Accept="application/json")
        assert answer.status == 503
        said = answer.json()["error"]
        assert said.startswith("1 message deleted. The figures were not zeroed. Redis at ")
        assert "is full" in said
    with read_only(own):
        answer = own_web.ask("/reset?what=figures", "POST", Accept="application/json")
        assert answer.json()["error"].startswith("0 messages deleted. The figures were not zero")
    assert own_web.ask("/reset?what=figures", "POST").status == 303
