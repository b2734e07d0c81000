"""What waits in each place is looked at, and thrown away when asked."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from pages.live.figures import figures, look
from pages.live.ledger import Ledger
from patterns import PATTERNS
from patterns.declaration.store import Store
from patterns.machinery.stream_store import lag
from patterns.reliable import DEAD_LETTERS as RELIABLE_DEAD
from patterns.reliable import DEATHS, RELIABLE, taken_by
from patterns.stream import DEAD_LETTERS as STREAM_DEAD
from patterns.stream import STORE, STREAM
from tests.messages import message, send
from tests.parts import Listener
from tests.places import keys
from tests.processes import eventually
from web import reliable, stream

LINES = [str(n).encode() for n in range(10)]
each_place = pytest.mark.parametrize("name", [name for name, p in PATTERNS.items() if p.keeps])


def seen(redis: Redis, name: str) -> dict[str, Any]:
    """The figures of a pattern for which nothing was counted."""
    return dict(figures(PATTERNS[name], Ledger(), look(redis)[name], time.monotonic()))


def read(redis: Any, group: str, count: int) -> list[bytes]:
    """The ids that a group is given."""
    ((_, entries),) = redis.xreadgroup(group, "one", {STREAM: ">"}, count)
    return [id_ for id_, _ in entries]


def empty(redis: Redis) -> int:
    return sum(pattern.store.empty(redis) for pattern in PATTERNS.values())


def test_before_anybody_looked_the_same_fields_are_there(redis: Redis) -> None:
    for name, pattern in PATTERNS.items():
        before = figures(pattern, Ledger(), pattern.store.nothing, time.monotonic())
        assert before == seen(redis, name)


def test_a_store_that_forgets_to_count_cannot_be_declared() -> None:
    class Forgetful(Store):
        def length(self, redis: Redis) -> int:
            return 0

    with pytest.raises(TypeError, match="unfinished"):
        Forgetful()  # type: ignore[abstract]


def test_a_store_knows_every_key_of_its_pattern(
    redis: Redis, one_of_each: Callable[..., dict[str, Listener]]
) -> None:
    listeners = one_of_each("--work", "60", LIVE="0")
    for name in PATTERNS:
        send(redis, name, message("1"), message("2", 2))
    for name in ("reliable", "stream"):
        redis.lpush(f"task:{name}:dead", "dead")
    redis.hset(DEATHS, "somebody", 1)
    redis.lpush(taken_by("plain"), "taken")
    eventually(lambda: len(redis.keys("task:reliable:taken:*")) == 2)
    for listener in listeners.values():
        listener.kill()
    for pattern in PATTERNS.values():
        redis.delete("none", *pattern.store.keys(redis, ["plain"]))
    assert keys(redis) == []


def test_the_oldest_of_a_reliable_queue_come_first(redis: Redis) -> None:
    reliable(redis, LINES)
    redis.lpush(RELIABLE_DEAD, "dead")
    shown = seen(redis, "reliable")
    assert (shown["waiting"], shown["dead_letters"]) == (10, 1)
    assert [body for _, body in shown["oldest"]] == ["0", "1", "2", "3"]


def test_in_a_stream_waits_what_the_slowest_group_was_not_given(redis: Redis) -> None:
    stream(redis, LINES)
    redis.lpush(STREAM_DEAD, "dead")
    shown = seen(redis, "stream")
    assert (shown["waiting"], shown["kept"], shown["groups"]) == (10, 10, 0)
    assert [body for _, body in shown["oldest"]] == ["0", "1", "2", "3"]
    for group in ("fast", "slow"):
        redis.xgroup_create(STREAM, group, id="0")
    fast, slow = read(redis, "fast", 9), read(redis, "slow", 3)
    redis.xack(STREAM, "fast", *fast)
    redis.xack(STREAM, "slow", *slow[:2])
    redis.xdel(STREAM, *slow[:2])
    shown = seen(redis, "stream")
    assert (shown["waiting"], shown["kept"], shown["groups"]) == (7, 8, 2)
    assert [body for _, body in shown["oldest"]] == ["3", "4", "5", "6"]
    assert shown["dead_letters"] == 1
    read(redis, "slow", 10)
    shown = seen(redis, "stream")
    assert (shown["waiting"], shown["oldest"]) == (1, [(None, "9")])


def test_without_a_lag_it_is_what_nobody_of_the_group_has() -> None:
    """As before Redis 7, and where it cannot tell."""
    group = {"pending": 3, "last-delivered-id": b"9-1"}
    assert lag(group, kept=10, newest=b"10-0") == 7
    assert lag(group | {"lag": None}, kept=10, newest=b"10-0") == 7
    assert lag(group, kept=3, newest=b"10-0") == 1  # not all that is pending is kept
    assert lag(group, kept=10, newest=b"9-1") == lag(group, kept=0, newest=b"0-0") == 0
    assert lag(group | {"lag": 5}, kept=10, newest=b"10-0") == 5
    assert lag(group | {"lag": 5}, kept=0, newest=b"0-0") == 0  # they were trimmed away


def test_what_was_done_and_kept_is_not_unfinished(redis: Redis) -> None:
    """Redis 6.2 counts no lag, and newer ones none for a group whose next message was deleted."""
    redis.xgroup_create(STREAM, "group", id="0", mkstream=True)
    stream(redis, [b"1", b"2", b"3"])
    done = read(redis, "group", 2)
    redis.xack(STREAM, "group", *done)  # as a listener does that never deletes
    assert STORE.unfinished(redis) >= 1
    redis.xdel(STREAM, redis.xinfo_stream(STREAM)["last-generated-id"])
    assert (STORE.unfinished(redis), STORE.to_be_read(redis, "group")) == (0, 0)
    assert seen(redis, "stream")["waiting"] == 0


@each_place
def test_a_key_of_another_type_is_nothing_that_waits(name: str, redis: Redis) -> None:
    redis.set(PATTERNS[name].place, "text")
    redis.set(PATTERNS[name].dead_letters or "other", "text")
    assert seen(redis, name)["waiting"] == 0


def test_what_somebody_has_in_hand_stays_in_an_emptied_stream(redis: Any) -> None:
    stream(redis, LINES)
    redis.rpush(RELIABLE, "a")
    redis.rpush(STREAM_DEAD, "b", "c")
    for group in ("fast", "slow"):
        redis.xgroup_create(STREAM, group, id="0")
    fast, slow = read(redis, "fast", 3), read(redis, "slow", 1)
    redis.xack(STREAM, "fast", fast[0], fast[1])
    assert empty(redis) == 8 + 1 + 2
    assert [id_ for id_, _ in redis.xrange(STREAM)] == [slow[0], fast[2]]
    shown = seen(redis, "stream")
    assert (shown["waiting"], shown["kept"], shown["dead_letters"]) == (0, 2, 0)
    stream(redis, LINES[:1])
    for group in ("fast", "slow"):
        assert len(read(redis, group, 10)) == 1
    assert empty(redis) == 0


def test_however_much_is_in_hand_stays_in_an_emptied_stream(redis: Any) -> None:
    stream(redis, [b"x"] * 12_000)
    redis.xgroup_create(STREAM, "busy", id="0")
    in_hand = read(redis, "busy", 11_000)
    assert empty(redis) == 1_000
    assert [id_ for id_, _ in redis.xrange(STREAM)] == in_hand


def test_an_empty_place_is_emptied(redis: Redis) -> None:
    assert empty(redis) == 0
    assert keys(redis) == []
