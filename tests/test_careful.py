"""What the patterns that keep a message until it is done promise, step by step and both alike."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from redis import Redis

from messaging.receiving.contract import Batch
from patterns import PATTERNS
from tests.careful import Hand, each_careful, hurry, is_clean
from tests.messages import send
from tests.places import kept
from tests.processes import eventually

Start = Callable[..., Any]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@each_careful
def test_a_stop_leaves_nothing_but_what_nobody_has_taken(name: str, redis: Redis) -> None:
    hand = Hand(name)
    send(redis, name, b"1", b"2")
    assert hand.takes() == [b"1"]
    assert hand.stops() == []
    assert kept(redis, name) == [b"2"]
    assert Hand(name).takes() == [b"2"]


def die_with(redis: Redis, name: str, lines: list[bytes]) -> None:
    """Let as many listeners die, each of them with one of these in hand."""
    hands = [Hand(name) for _ in lines]
    send(redis, name, *lines)
    assert sorted(line for hand in hands for line in hand.takes()) == sorted(lines)
    for hand in hands:
        hand.dies()


@each_careful
def test_equal_strange_and_empty_lines_are_all_taken_over(
    name: str, redis: Redis, hasty: None
) -> None:
    lines = [b"7", b"", b"7", b"\xff\x00", b"7"]
    die_with(redis, name, lines)
    other = Hand(name)
    taken = other.takes_over(5)
    assert sorted(line for one in taken for line in one.lines) == sorted(lines)
    assert {(len(one.lines), one.deaths) for one in taken} == {(1, 1)}
    assert other.stops() == []
    assert is_clean(redis, name)


@each_careful
def test_equal_lines_are_all_handled(name: str, redis: Redis) -> None:
    hand = Hand(name)
    send(redis, name, *[b"7"] * 10)
    count = 0
    while count < 10:
        count += len(hand.takes())
    assert hand.stops() == []
    assert is_clean(redis, name)


@each_careful
def test_two_who_take_over_at_once_take_each_message_once(
    name: str, redis: Redis, hasty: None
) -> None:
    lines = [str(n).encode() for n in range(30)]
    die_with(redis, name, lines)
    got: list[bytes] = []
    others = [Hand(name) for _ in range(3)]
    lock = threading.Lock()

    def take_over(other: Hand) -> None:
        for taken in other.items:
            assert isinstance(taken, Batch)
            with lock:
                got.extend(taken.lines)

    threads = [threading.Thread(target=take_over, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    eventually(lambda: len(got) >= 30)
    for other, thread in zip(others, threads, strict=True):
        other.consumer.stopping.set()
        thread.join()
    assert Counter(got) == Counter(lines)
    assert is_clean(redis, name)


@each_careful
def test_a_stop_while_taking_over_leaves_the_rest_for_others(
    name: str, redis: Redis, hasty: None
) -> None:
    die_with(redis, name, [b"1", b"2", b"3"])
    second = Hand(name)
    taken = second.takes_over(1)
    assert second.stops() == []
    third = Hand(name)
    taken += third.takes_over(2)
    assert sorted(line for one in taken for line in one.lines) == [b"1", b"2", b"3"]
    assert third.stops() == []
    assert is_clean(redis, name)


@each_careful
def test_a_dead_letter_is_put_aside_and_told_once(
    name: str, redis: Redis, monkeypatch: pytest.MonkeyPatch, hasty: None
) -> None:
    """Also where a consumer is frozen right before that, and another one takes it over."""
    hand = Hand(name)
    send(redis, name, b"7")
    assert hand.takes() == [b"7"]
    hand.dies()
    other = Hand(name)
    with monkeypatch.context() as frozen:
        frozen.setattr(f"listeners.{name}.heartbeats", lambda *_: nullcontext())
        woken = Hand(name, consumer=hand.consumer.id)
    asked: list[Batch] = []
    told: list[Batch] = []

    def is_dead_letter(batch: Batch) -> bool:
        """All are, by now; the first one who asks is frozen until the other has put it aside."""
        asked.append(batch)
        if len(asked) == 1:
            told.append(other.next_batch())
        return True

    monkeypatch.setattr(Batch, "is_dead_letter", property(is_dead_letter))
    told_again = woken.stops()
    assert redis.lrange(PATTERNS[name].dead_letters, 0, -1) == [b"7"]
    assert ([batch.lines for batch in told], told_again) == ([[b"7"]], [])
    redis.delete(PATTERNS[name].dead_letters)
    other.stops()
    assert is_clean(redis, name)
