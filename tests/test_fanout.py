"""What sets fan-out apart: each listener's own list, and how long it is kept for it."""

import math
import time
from typing import Any

import pytest
from redis import Redis

from messaging.sending.answers import Reached
from patterns.fanout import KEPT_FOR, LISTENERS, list_of, register
from tests.careful import Hand
from tests.messages import message, send
from tests.parts import Listener
from tests.places import keys
from web import fanout

LINES = [str(n).encode() for n in range(2_500)]


def away_for(redis: Redis, listener: str, seconds: int) -> None:
    """As if its last heartbeat was so long ago."""
    redis.zadd(LISTENERS, {listener: int(time.time()) - seconds})


def test_each_listener_gets_every_message_in_order(redis: Redis) -> None:
    hands = [Hand("fanout") for _ in range(2)]
    assert fanout(redis, LINES) == Reached([2] * len(LINES), waiting=len(LINES))
    for hand in hands:
        got: list[bytes] = []
        while len(got) < len(LINES):
            got += hand.takes()
        assert got == LINES
        hand.stops()


def test_who_comes_back_under_the_same_name_finds_what_was_sent_meanwhile(redis: Redis) -> None:
    Hand("fanout", named="mine").stops()
    assert fanout(redis, [b"1", b"2"]).listeners == [1, 1]
    back = Hand("fanout", named="mine")
    assert [back.takes(), back.takes()] == [[b"1"], [b"2"]]
    back.stops()


def test_a_list_is_kept_for_a_minute_and_then_removed(redis: Redis) -> None:
    register(redis, "soon back")
    register(redis, "gone")
    away_for(redis, "soon back", KEPT_FOR - 10)
    away_for(redis, "gone", KEPT_FOR + 1)
    assert fanout(redis, [b"1"]) == Reached([1], waiting=1)
    assert redis.zrange(LISTENERS, 0, -1) == [b"soon back"]
    assert 5 <= redis.ttl(list_of("soon back")) <= 11, "Redis itself removes it"
    assert not redis.exists(list_of("gone"))


def test_a_heartbeat_keeps_what_waits(redis: Redis) -> None:
    register(redis, "slow")
    away_for(redis, "slow", KEPT_FOR - 5)
    fanout(redis, [b"1"])
    assert redis.ttl(list_of("slow")) <= 6
    register(redis, "slow")
    assert redis.ttl(list_of("slow")) > KEPT_FOR - 2


@pytest.mark.parametrize("count", [1, 999, 1_000, 10_000])
def test_any_number_of_lines_is_one_step(count: int, redis: Any) -> None:
    register(redis, "a")
    redis.config_resetstat()
    assert fanout(redis, [b"x"] * count).waiting == count
    assert redis.info("commandstats")["cmdstat_eval"]["calls"] == 1
    redis.delete(list_of("a"), LISTENERS)
    assert keys(redis) == []


def test_listeners_without_a_name_never_share_a_list(start: Any, redis: Redis) -> None:
    """Not even where two machines have given them the same process number."""
    listeners = [start(Listener, "fanout") for _ in range(2)]
    names: Any = redis.zrange(LISTENERS, 0, -1)
    assert len({*names}) == 2
    assert not any(
        name.decode() == f"fanout-{one.popen.pid}" for name in names for one in listeners
    )


def test_a_listener_process_finds_its_list_again_under_its_name(start: Any, redis: Redis) -> None:
    start(Listener, "fanout", "--name", "mine").stop()
    send(redis, "fanout", message("meanwhile"))
    back = start(Listener, "fanout", "--name", "mine")
    assert [line["body"] for line in back.receives(1)] == ["meanwhile"]


@pytest.mark.parametrize("score", [math.inf, 2**40, 1.7e9 * 2 + 0.5])
def test_a_heartbeat_that_is_no_time_refuses_no_message(redis: Redis, score: float) -> None:
    """Another program may have written it; the list is kept as if the heartbeat were now."""
    redis.zadd(LISTENERS, {"other": score})
    assert fanout(redis, [b"1"]) == Reached([1], waiting=1)
    assert 0 < redis.ttl(list_of("other")) <= KEPT_FOR
