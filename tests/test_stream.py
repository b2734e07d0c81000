"""What sets the stream apart: groups, which each get every message, and what is kept for them."""

from typing import Any

import pytest
from redis import Redis

from patterns.machinery import groups
from patterns.stream import DEAD_LETTERS as STREAM_DEAD
from patterns.stream import GROUP, STREAM
from tests.careful import Hand, hurry, is_clean
from tests.places import kept
from tests.processes import eventually
from web import stream


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def consumers(redis: Any, group: str = GROUP) -> set[str]:
    return {one["name"].decode() for one in redis.xinfo_consumers(STREAM, group)}


def test_each_group_hears_all_also_what_was_sent_while_it_was_away(redis: Redis) -> None:
    a, b = Hand("stream", group="a"), Hand("stream", group="b")
    stream(redis, [b"1", b"2"])
    for hand in (a, b):
        assert [hand.takes(), hand.takes()] == [[b"1"], [b"2"]]
        assert hand.stops() == []
    stream(redis, [b"3", b"4"])
    for group in "ab":
        hand = Hand("stream", group=group)
        assert [hand.takes(), hand.takes()] == [[b"3"], [b"4"]]
        assert hand.stops() == []
    assert is_clean(redis, "stream")


def test_a_message_is_removed_exactly_when_every_group_is_done_with_it(redis: Redis) -> None:
    a, b = Hand("stream", group="a"), Hand("stream", group="b")
    stream(redis, [b"1", b"2"])
    assert a.takes() == [b"1"]
    assert b.takes() == [b"1"]
    assert a.takes() == [b"2"]  # so that a is done with the first
    assert kept(redis, "stream") == [b"1", b"2"], "b has it in hand"
    assert b.takes() == [b"2"]
    assert kept(redis, "stream") == [b"2"]
    b.stops()
    assert kept(redis, "stream") == [b"2"], "a has it in hand"
    a.stops()
    assert kept(redis, "stream") == []


def test_what_a_group_has_not_read_is_kept_for_it(redis: Redis) -> None:
    away = Hand("stream", group="away")
    away.stops()
    hand, lines = Hand("stream"), [str(n).encode() for n in range(500)]
    stream(redis, lines)
    got: list[bytes] = []
    while len(got) < 500:
        got += hand.takes()
    hand.stops()
    assert got == kept(redis, "stream") == lines


def test_a_group_that_comes_late_begins_with_what_is_still_there(redis: Redis) -> None:
    first = Hand("stream")
    stream(redis, [b"1", b"2", b"3"])
    assert [first.takes(), first.takes()] == [[b"1"], [b"2"]]  # the first is done, so it is gone
    late = Hand("stream", group="late")
    assert [late.takes(), late.takes()] == [[b"2"], [b"3"]]
    first.stops()
    late.stops()


def test_the_dead_are_forgotten_and_never_with_something_in_hand(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, idle = Hand("stream"), Hand("stream")
    stream(redis, [b"1"])
    assert hand.takes() == [b"1"]
    stream(redis, [b"2"])
    assert idle.takes() == [b"2"]
    stream(redis, [b"3"])
    assert idle.takes() == [b"3"]
    idle.stops()
    assert consumers(redis) == {hand.consumer.id}, "who leaves is forgotten at once"
    hand.dies()
    monkeypatch.setattr(groups, "FORGET_AFTER", 0)
    groups.forget(redis, GROUP)
    assert consumers(redis) == {hand.consumer.id}, "it has something in hand"
    other = Hand("stream")
    other.takes_over(1)
    stream(redis, [b"4"])
    assert other.takes() == [b"4"]
    monkeypatch.setattr(groups, "FORGET_AFTER", 1)
    stream(redis, [b"5"])
    eventually(
        lambda: other.takes() and stream(redis, [b"x"]) and hand.consumer.id not in consumers(redis)
    )
    other.stops()


def test_a_dead_letter_is_for_the_consumer_that_has_it(redis: Redis) -> None:
    """Who was frozen and has lost it may wake before the other one has put it aside."""
    client: Any = redis
    groups.join(redis, GROUP)
    stream(redis, [b"7"])
    client.xreadgroup(GROUP, "frozen", {STREAM: ">"})
    ((id_, _),) = client.xrange(STREAM)
    client.xclaim(STREAM, GROUP, "other", 0, [id_])
    assert not groups.put_aside(redis, GROUP, "frozen", id_, b"7")
    assert not redis.exists(STREAM_DEAD)
    assert groups.put_aside(redis, GROUP, "other", id_, b"7")
    assert not groups.put_aside(redis, GROUP, "frozen", id_, b"7")
    assert redis.lrange(STREAM_DEAD, 0, -1) == [b"7"]
    redis.delete(STREAM)
    assert not groups.put_aside(redis, GROUP, "other", id_, b"7"), "there is no group any more"


def test_a_lost_connection_is_no_death(redis: Redis) -> None:
    hand = Hand("stream")
    stream(redis, [b"7"])
    for _ in range(5):
        assert hand.takes() == [b"7"]
        hand.dies()  # as far as its connection goes
        hand = Hand("stream", consumer=hand.consumer.id)
    assert hand.next_batch().deaths == 0
    hand.dies()
    other = Hand("stream")
    assert other.takes_over(1)[0].deaths == 1
    assert not redis.exists(STREAM_DEAD)
    other.stops()
    assert is_clean(redis, "stream")


def test_what_others_added_is_a_message_as_well(redis: Redis) -> None:
    client: Any = redis
    client.xadd(STREAM, {"temperature": "7", "unit": "K"})
    hand = Hand("stream")
    assert hand.takes() == [b"temperature 7 unit K"]
    hand.stops()
    assert is_clean(redis, "stream")


def test_what_others_deleted_is_nobodys_any_more(redis: Redis) -> None:
    client: Any = redis
    hands = [Hand("stream"), Hand("stream")]
    stream(redis, [b"1", b"2"])
    assert [hand.takes() for hand in hands] == [[b"1"], [b"2"]]
    for hand in hands:
        hand.dies()
    client.xdel(STREAM, client.xrange(STREAM)[0][0])
    other = Hand("stream")
    # Before Redis 7, XAUTOCLAIM hands over what was deleted as well: a batch without a line.
    assert (other.takes_over(1)[0].lines or other.takes_over(1)[0].lines) == [b"2"]
    assert other.stops() == []
    assert client.xpending(STREAM, GROUP)["pending"] == 0
    assert is_clean(redis, "stream")
