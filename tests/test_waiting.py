"""What waits in each place is looked at in one round trip, and thrown away when asked."""

from typing import Any

import pytest
from redis import Redis

from messaging.groups import lag
from messaging.names import RELIABLE, RELIABLE_DEAD, STREAM, STREAM_DEAD
from pages.emptying import empty
from pages.waiting import look, nothing
from tests.places import keys
from web import PATTERNS, reliable, stream

LINES = [str(n).encode() for n in range(10)]
each_place = pytest.mark.parametrize("name", [name for name, p in PATTERNS.items() if p.length])


def seen(redis: Redis, name: str) -> dict[str, Any]:
    return look(redis, PATTERNS)[name]


def read(redis: Any, group: str, count: int) -> list[bytes]:
    """The ids that a group is given."""
    ((_, entries),) = redis.xreadgroup(group, "one", {STREAM: ">"}, count)
    return [id_ for id_, _ in entries]


def test_before_anybody_looked_the_same_fields_are_there(redis: Redis) -> None:
    told = look(redis, PATTERNS)
    for name, pattern in PATTERNS.items():
        assert nothing(pattern) == told.get(name)


def test_the_oldest_of_a_reliable_queue_come_first(redis: Redis) -> None:
    reliable(redis, LINES)
    redis.lpush(RELIABLE_DEAD, "dead")
    told = seen(redis, "reliable")
    assert (told["waiting"], told["dead_letters"]) == (10, 1)
    assert [body for _, body in told["oldest"]] == ["0", "1", "2", "3"]


def test_in_a_stream_waits_what_the_slowest_group_was_not_given(redis: Redis) -> None:
    stream(redis, LINES)
    redis.lpush(STREAM_DEAD, "dead")
    told = seen(redis, "stream")
    assert (told["waiting"], told["kept"], told["groups"]) == (10, 10, 0)
    assert [body for _, body in told["oldest"]] == ["0", "1", "2", "3"]
    for group in ("fast", "slow"):
        redis.xgroup_create(STREAM, group, id="0")
    fast, slow = read(redis, "fast", 9), read(redis, "slow", 3)
    redis.xack(STREAM, "fast", *fast)
    redis.xack(STREAM, "slow", *slow[:2])
    redis.xdel(STREAM, *slow[:2])
    told = seen(redis, "stream")
    assert (told["waiting"], told["kept"], told["groups"]) == (7, 8, 2)
    assert [body for _, body in told["oldest"]] == ["3", "4", "5", "6"]
    assert told["dead_letters"] == 1
    read(redis, "slow", 10)
    told = seen(redis, "stream")
    assert (told["waiting"], told["oldest"]) == (1, [[None, "9"]])


def test_without_a_lag_it_is_what_nobody_of_the_group_has() -> None:
    """As before Redis 7, and where it cannot tell."""
    assert lag({"pending": 3}, kept=10) == 7
    assert lag({"pending": 3, "lag": None}, kept=10) == 7
    assert lag({"pending": 3, "lag": 5}, kept=10) == 5
    assert lag({"pending": 0, "lag": 5}, kept=0) == 0  # they were trimmed away


@each_place
def test_a_key_of_another_type_is_nothing_that_waits(name: str, redis: Redis) -> None:
    redis.set(PATTERNS[name].place, "text")
    redis.set(PATTERNS[name].dead or "other", "text")
    assert seen(redis, name)["waiting"] == 0


def test_what_somebody_has_in_hand_stays_in_an_emptied_stream(redis: Any) -> None:
    stream(redis, LINES)
    redis.rpush(RELIABLE, "a")
    redis.rpush(STREAM_DEAD, "b", "c")
    for group in ("fast", "slow"):
        redis.xgroup_create(STREAM, group, id="0")
    fast, slow = read(redis, "fast", 3), read(redis, "slow", 1)
    redis.xack(STREAM, "fast", fast[0], fast[1])
    assert empty(redis, PATTERNS.values()) == 8 + 1 + 2
    assert [id_ for id_, _ in redis.xrange(STREAM)] == [slow[0], fast[2]]
    told = seen(redis, "stream")
    assert (told["waiting"], told["kept"], told["dead_letters"]) == (0, 2, 0)
    stream(redis, LINES[:1])
    for group in ("fast", "slow"):
        assert len(read(redis, group, 10)) == 1
    assert empty(redis, PATTERNS.values()) == 0


def test_an_empty_place_is_emptied(redis: Redis) -> None:
    assert empty(redis, PATTERNS.values()) == 0
    assert keys(redis) == []
