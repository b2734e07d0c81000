"""The kitchen: real threads, and real processes over a real Redis."""

import os
import queue
import signal
from collections.abc import Iterator

import pytest
from redis import Redis

from jobs.kitchen import people, threads
from tests.kitchens import EMPTY, FULL, LONG, WAYS, Kitchen
from tests.parts import RedisServer
from tests.processes import (
    eventually,
    processes,
    stop_all,
)

PLAYED = {
    f"{name}, {way}": (*options, *of_way)
    for name, options in {"full": FULL, "full, lifo": (*FULL, "--lifo"), "empty": EMPTY}.items()
    for way, of_way in WAYS.items()
}


def has_shown(kitchen: Kitchen, name: str) -> bool:
    """Whether everybody has waited who must, and there were dishes to choose from."""
    waiting = {line.who for line in kitchen.lines() if line.what.startswith("waits")}
    who = (
        {f"cook {n}" for n in range(1, 7)} if "full" in name else {"eater 1", "eater 2", "eater 3"}
    )
    return who <= waiting and len(kitchen.dishes("takes")) >= 3 and "has eaten" in kitchen.text


@pytest.fixture(scope="module")
def played(server: RedisServer) -> Iterator[dict[str, Kitchen]]:
    """Six kitchens at once, three of them in one Redis, where they leave nothing."""
    with processes() as start, Redis.from_url(server.url) as redis:
        kitchens = {name: start(Kitchen, *options, *LONG) for name, options in PLAYED.items()}
        eventually(
            lambda: len({key.rpartition(b":")[0] for key in redis.keys("task:kitchen:*")}) == 3
        )
        for name, kitchen in kitchens.items():
            eventually(lambda name=name, kitchen=kitchen: has_shown(kitchen, name))  # type: ignore[misc]
        stop_all(*kitchens.values(), number=signal.SIGINT)
        assert redis.keys("task:kitchen:*") == []
        yield kitchens


@pytest.mark.parametrize("name", PLAYED)
def test_every_dish_that_was_cooked_was_eaten_or_is_left(
    name: str, played: dict[str, Kitchen]
) -> None:
    kitchen, total = played[name], played[name].closed()
    puts, takes, eaten = map(kitchen.dishes, ("puts", "takes", "has eaten"))
    assert total.lost == 0
    assert total.eaten > 0
    assert len(puts) == len(set(puts))
    assert len(takes) == len(set(takes))
    assert set(takes) == set(eaten) <= set(puts)
    assert len(takes) == len(eaten) == len(puts) - total.left


@pytest.mark.parametrize("name", PLAYED)
def test_no_more_dishes_are_on_the_counter_than_it_has_places(
    name: str, played: dict[str, Kitchen]
) -> None:
    level, highest = 0, 0
    for line in played[name].lines():
        level += (line.what == "puts") - (line.what == "takes")
        highest = max(highest, level)
    if "empty" in name:
        assert 0 < highest < 5
    else:
        # A thread tells after it has taken, so the next dish may be told before.
        assert 5 <= highest <= (6 if "threads" in name else 5)
        assert played[name].closed().left <= 5


@pytest.mark.parametrize("name", [name for name in PLAYED if "full" in name])
def test_a_full_counter_has_the_cooks_wait(name: str, played: dict[str, Kitchen]) -> None:
    waiting = [line for line in played[name].lines() if line.what.startswith("waits")]
    cooks = [line for line in waiting if line.who.startswith("cook")]
    assert {line.who for line in cooks} == {f"cook {n}" for n in range(1, 7)}
    assert {(line.what, line.bar) for line in cooks} == {("waits: the counter is full", "■■■■■")}
    assert "eater 1" not in {line.who for line in waiting[waiting.index(cooks[0]) :]}


@pytest.mark.parametrize("name", [name for name in PLAYED if "empty" in name])
def test_an_empty_counter_has_the_eaters_wait(name: str, played: dict[str, Kitchen]) -> None:
    waiting = [line for line in played[name].lines() if line.what.startswith("waits")]
    assert {line.who for line in waiting} == {"eater 1", "eater 2", "eater 3"}
    assert {(line.what, line.level) for line in waiting} == {("waits: the counter is empty", 0)}
    total = played[name].closed()
    assert total.waited.pop("cook 1") == 0
    assert all(total.waited.values())


@pytest.mark.parametrize("name", PLAYED)
def test_the_sum_tells_how_long_each_waited(name: str, played: dict[str, Kitchen]) -> None:
    kitchen = played[name]
    for who, seconds in kitchen.closed().waited.items():
        by_lines, still_waits = kitchen.waits(who)
        if still_waits:  # until the end, which no line tells
            assert seconds >= by_lines - 0.1
        else:
            assert seconds == pytest.approx(by_lines, abs=0.1)


@pytest.mark.parametrize("name", [name for name in PLAYED if "full" in name])
def test_eaters_take_the_oldest_dish_or_the_newest(name: str, played: dict[str, Kitchen]) -> None:
    there: list[str] = []
    judged = 0
    for line in played[name].lines():
        if line.what == "puts":
            there.append(line.dish)
        if line.what == "takes":
            if len(there) > 3:  # two events at one moment may be told in the other order
                assert line.dish in (there[-2:] if "lifo" in name else there[:2])
                judged += 1
            there.remove(line.dish)
    assert judged


def test_the_counter_of_threads_has_an_order_and_an_end() -> None:
    for lifo, first in ((False, "a"), (True, "b")):
        counter = threads.Kitchen(2, lifo).counter
        counter.put("a")
        counter.put("b")
        with pytest.raises(queue.Full):
            counter.put_nowait("c")
        assert counter.get() == first


@pytest.mark.parametrize("is_there", [True, False])
def test_the_counter_of_processes_has_an_order(is_there: bool, redis: Redis) -> None:
    door, outside = os.pipe()
    keys = people.Keys("task:kitchen:dishes", "task:kitchen:free", "task:kitchen:events")
    eater = people.Person(redis, keys, door, "eater 1", False)
    for lifo, first in ((False, "a"), (True, "c")):
        redis.delete(*keys)
        if is_there:
            redis.rpush(keys.dishes, "a", "b", "c")
            assert eater.take(keys.dishes, lifo) == first
            assert redis.llen(keys.events) == 0
        else:
            os.write(outside, b".")  # nothing is there, and the kitchen closes
            assert eater.take(keys.dishes, lifo) is None
            assert redis.llen(keys.events) == 1
    os.close(door)
    os.close(outside)
