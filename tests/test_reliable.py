"""What sets the reliable queue apart: a list of each listener's own, and a registry of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from redis import Redis

from patterns.reliable import DEATHS, HOLDERS, LEASES, RELIABLE, TAKEN
from tests.careful import Hand, hurry, is_clean
from tests.processes import eventually
from web import reliable


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def test_the_oldest_comes_first(redis: Redis) -> None:
    reliable(redis, [b"1", b"2", b"3"])
    hand = Hand("reliable")
    assert [hand.takes() for _ in range(3)] == [[b"1"], [b"2"], [b"3"]]
    hand.stops()


def test_a_message_is_in_one_list_at_every_moment(redis: Redis) -> None:
    hand = Hand("reliable")
    mine = f"{TAKEN}:{hand.consumer.id}"
    reliable(redis, [b"7"])
    hand.takes()
    assert (redis.lrange(RELIABLE, 0, -1), redis.lrange(mine, 0, -1)) == ([], [b"7"])
    assert redis.smembers(HOLDERS) == {hand.consumer.id.encode()}
    assert hand.stops() == []
    assert is_clean(redis, "reliable")


def test_nothing_is_left_of_the_dead(redis: Redis) -> None:
    dead, other = Hand("reliable"), Hand("reliable")
    reliable(redis, [b"7"])
    dead.takes()
    dead.dies()
    assert other.takes_over(1)[0].deaths == 1
    assert redis.hgetall(DEATHS) == {other.consumer.id.encode(): b"1"}
    assert redis.exists(f"{TAKEN}:{dead.consumer.id}") == 0
    reliable(redis, [b"8"])
    assert other.takes() == [b"8"]
    assert redis.hgetall(DEATHS) == {}
    assert redis.smembers(HOLDERS) == {other.consumer.id.encode()}
    other.stops()
    assert is_clean(redis, "reliable")


def test_who_was_forgotten_is_known_again_before_it_takes_more(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody would find what it has in hand when it dies then."""

    @contextmanager
    def shown_once(redis: Any, show: Any) -> Iterator[None]:
        show(redis)
        yield

    with monkeypatch.context() as frozen:
        frozen.setattr("listeners.reliable.heartbeats", shown_once)
        woken = Hand("reliable")
    other = Hand("reliable")
    reliable(redis, [b"1"])
    woken.takes()
    assert other.takes_over(1)[0].lines == [b"1"]
    reliable(redis, [b"2"])
    assert other.takes() == [b"2"]
    eventually(lambda: redis.smembers(HOLDERS) == {other.consumer.id.encode()})
    reliable(redis, [b"3"])
    assert woken.takes() == [b"3"]
    assert redis.sismember(HOLDERS, woken.consumer.id)
    assert redis.exists(f"{LEASES}:{woken.consumer.id}")
    woken.dies()
    assert other.takes_over(1)[0].lines == [b"3"]
    other.stops()
    assert is_clean(redis, "reliable")


def test_a_death_is_counted_though_the_connection_of_who_takes_over_is_lost(redis: Redis) -> None:
    hand = Hand("reliable")
    reliable(redis, [b"7"])
    hand.takes()
    redis.hset(DEATHS, hand.consumer.id, 2)  # as it is between taking over and being told so
    hand.dies()
    again = Hand("reliable", consumer=hand.consumer.id)
    assert again.takes_over(1)[0].deaths == 2
    again.stops()
    assert is_clean(redis, "reliable")


def test_equal_lines_do_not_share_their_failures(redis: Redis) -> None:
    """That a consumer died of one says nothing of another one that looks the same."""
    first, second = Hand("reliable"), Hand("reliable")
    reliable(redis, [b"7"])
    first.takes()
    first.dies()
    assert second.takes_over(1)[0].deaths == 1
    third = Hand("reliable")
    reliable(redis, [b"7"])
    third.takes()
    third.dies()
    fourth = Hand("reliable")
    assert fourth.takes_over(1)[0].deaths == 1
    second.stops()
    fourth.stops()
    assert is_clean(redis, "reliable")
