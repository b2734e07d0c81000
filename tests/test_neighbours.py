"""Other programs on the same Redis: what they write is no reason to stop, or ends with a reason."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from messaging.receiving.contract import TRIES
from patterns import PATTERNS
from patterns.fanout import LISTENERS
from patterns.reliable import DEAD_LETTERS, DEATHS, HOLDERS, taken_by
from patterns.stream import STREAM
from tests.careful import HEARTBEAT_INTERVAL, LEASE, Hasty
from tests.messages import message, send
from tests.parts import Listener
from tests.places import each_pattern
from tests.processes import eventually

Start = Callable[..., Any]
NO_TEXT = b"\xff"


@each_pattern
def test_a_name_that_is_no_text_stops_nobody(name: str, start: Start, redis: Redis) -> None:
    redis.sadd(HOLDERS, NO_TEXT)
    redis.zadd(LISTENERS, {NO_TEXT: 2**40})
    redis.xgroup_create(STREAM, NO_TEXT, id="0", mkstream=True)
    listener = start(Hasty, name, "--json", LIVE="0")
    send(redis, name, message("7"))
    assert listener.receives(1)[0]["body"] == "7"
    time.sleep(LEASE + 2 * HEARTBEAT_INTERVAL)  # when it looks for consumers that have died
    assert listener.stop()[0] == 0
    assert "Traceback" not in listener.text
    for store in (one.store for one in PATTERNS.values()):
        store.look(redis), store.unfinished(redis), store.unfinished_lines(redis)
        store.empty(redis)


@pytest.mark.parametrize("number", ["many", "9" * 5000, "-1"])
def test_a_count_of_deaths_that_is_no_number_counts_as_none(
    number: str, start: Start, redis: Redis
) -> None:
    redis.hset(DEATHS, "dead", number)
    leave_behind(redis, "7")
    listener = start(Hasty, "reliable", "--json", LIVE="0")
    assert listener.receives(1)[0]["body"] == "7"
    assert listener.lines()[0]["failures"] == 1
    eventually(lambda: redis.smembers(HOLDERS) != {b"dead"} and not redis.exists(DEATHS))
    assert listener.stop()[0] == 0


@pytest.mark.parametrize("key", [HOLDERS, DEAD_LETTERS])
def test_a_key_of_another_type_ends_a_listener_with_a_sentence(
    key: str, start: Start, redis: Redis
) -> None:
    if key == DEAD_LETTERS:
        redis.hset(DEATHS, "dead", TRIES - 1)
        leave_behind(redis, "poison")
    redis.set(key, "of another program")
    listener = start(Listener, "reliable", waits_for="", LIVE="0")
    assert "refuses: WRONGTYPE" in listener.ended()
    assert listener.popen.returncode == 2
    assert listener.text.count("refuses") == 1
    assert not listener.lines(), "nothing was put aside"


@pytest.mark.parametrize("forged", [2**53, 2_000_000, 50])
def test_a_forged_number_hides_no_gap_that_follows(forged: int, start: Start, redis: Redis) -> None:
    """One that is impossible is not believed; one that is possible is a gap itself."""
    listener = start(Listener, "pubsub", LIVE="0")
    numbers = (1, forged, 2, 3, 6)
    send(redis, "pubsub", *(message(str(seq), seq) for seq in numbers))
    listener.receives(5)
    missed = [(gap["first"], gap["last"]) for gap in listener.missed()]
    assert missed == ([(2, 49), (4, 5)] if forged == 50 else [(4, 5)])
    assert ("Not believed: number 9,007,199,254,740,992 of web-12." in listener.text) == (
        forged == 2**53
    )


def leave_behind(redis: Redis, body: str) -> None:
    """A consumer «dead» has died with a message in hand."""
    redis.sadd(HOLDERS, "dead")
    redis.lpush(taken_by("dead"), message(body).encode())
