"""What a lost connection, a lost reply or a flush costs who keeps a message until it is done."""

from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from patterns import PATTERNS
from tests.careful import each_careful, is_clean
from tests.messages import message, send
from tests.parts import Listener
from tests.proxy import Proxy

Start = Callable[..., Any]


CUTS = {
    "the message never came": (lambda chunk, from_us: not from_us and b"LOST" in chunk, 1),
    "done was never heard": (lambda chunk, from_us: from_us and done(chunk), 2),
}


def done(chunk: bytes) -> bool:
    commands = [word for one in PATTERNS.values() for word in one.commands.acknowledge]
    return any(command.encode() in chunk for command in commands)


@each_careful
@pytest.mark.parametrize(("cut", "times"), CUTS.values(), ids=CUTS)
def test_what_a_lost_connection_held_comes_first_and_is_not_lost(
    name: str, cut: Any, times: int, start: Start, redis: Redis, proxy: Proxy
) -> None:
    listener = start(Listener, name, REDIS_URL=proxy.url, LIVE="0")
    proxy.cut_at = cut
    send(redis, name, message("LOST"), *(message(str(n), n) for n in range(2, 6)))
    bodies = [line["body"] for line in listener.receives(4 + times)]
    assert bodies == ["LOST"] * times + ["2", "3", "4", "5"]
    assert not [line for line in listener.lines() if "failures" in line], "nobody has died"
    assert "Reconnected" in listener.text
    assert listener.stop()[0] == 0
    assert is_clean(redis, name)


@each_careful
def test_done_that_was_heard_and_not_answered_is_done(
    name: str, start: Start, redis: Redis, proxy: Proxy
) -> None:
    listener = start(Listener, name, REDIS_URL=proxy.url, LIVE="0")
    proxy.swallow_reply(PATTERNS[name].commands.acknowledge[0].encode())
    send(redis, name, message("LOST"), message("after", 2))
    bodies = [line["body"] for line in listener.receives(2)]
    listener.says("Reconnected")
    assert bodies == ["LOST", "after"]
    assert listener.stop()[0] == 0
    assert is_clean(redis, name)


@each_careful
@pytest.mark.parametrize("how", ["flushall", "del"])
def test_listeners_go_on_when_everything_is_deleted(
    name: str, how: str, start: Start, redis: Redis
) -> None:
    listener = start(Listener, name)
    for n in range(1, 4):
        send(redis, name, message(str(n), n))
        listener.receives(n)
        redis.flushall() if how == "flushall" else redis.delete(PATTERNS[name].place)
    assert listener.stop()[0] == 0
    assert "refuses" not in listener.text
    assert "Trying again" not in listener.text
