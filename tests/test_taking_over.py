"""What a listener had in hand when it died is done by another one; with processes that die."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from messaging.connection import as_bytes
from messaging.receiving.contract import TRIES
from patterns import PATTERNS
from patterns.machinery.lease import LEASE
from patterns.reliable import HOLDERS, taken_by
from patterns.stream import GROUP, STREAM
from starting.ports import free_port
from tests.careful import CAREFUL, Hasty, OtherServer, each_careful, is_clean
from tests.messages import message, send
from tests.parts import Listener
from tests.places import keys, untaken
from tests.processes import eventually

Start = Callable[..., Any]


def bodies(*listeners: Listener) -> list[str]:
    return sorted(line["body"] for one in listeners for line in one.messages())


@each_careful
def test_what_was_in_hand_of_a_killed_listener_is_taken_over_and_said(
    name: str, start: Start, redis: Redis
) -> None:
    killed = start(Listener, name, "--work", "60")
    send(redis, name, message("in hand"))
    eventually(lambda: not untaken(redis, name))
    other = start(Listener, name)
    killed.kill()
    since = time.monotonic()
    (line,) = other.receives(1)
    assert LEASE - 1.5 < time.monotonic() - since < LEASE + 4
    taken_over = other.lines()[0]
    assert (taken_over["taken_over"], taken_over["failures"]) == ("in hand", 1)
    assert taken_over["id"] == line["id"]
    assert other.stop()[0] == 0
    assert "taken over 1, put aside 0" in other.text
    assert is_clean(redis, name)


def failures(person: Hasty, with_json: list[Hasty]) -> list[int]:
    """How often a listener had fallen silent, of each time that poison was taken over."""
    told = [line["failures"] for one in with_json for line in one.told("failures")]
    said = {
        "took over poison from a listener that fell silent (try 2)": 1,
        "took over poison from a listener that fell silent (try 3)": 2,
        f"put aside poison: listeners fell silent with it {TRIES} times": TRIES,
    }
    return sorted(told + [count for text, count in said.items() if text in person.text])


@each_careful
@pytest.mark.parametrize("version", [pytest.param("6.2", marks=pytest.mark.heavy), "7"])
def test_poison_kills_three_and_is_put_aside_and_nobody_else_is(
    name: str, version: str, start: Start, tmp_path: Path
) -> None:
    server = start(OtherServer, free_port(), tmp_path, version)
    listeners = [start(Hasty, name, "--json", REDIS_URL=server.url) for _ in range(TRIES)]
    person = start(Hasty, name, REDIS_URL=server.url)  # may be the last, or one of the dead
    last = start(Hasty, name, "--json", "--work", "0.01", REDIS_URL=server.url)
    everyone, with_json = [*listeners, person, last], [*listeners, last]
    with Redis(port=server.port, db=5) as redis:
        names = [str(n) for n in range(1, 21)]
        for n in names[:10]:
            send(redis, name, message(n, int(n)))
        send(redis, name, message("poison", 99))
        for n in names[10:]:
            send(redis, name, message(n, int(n)))
        dead = PATTERNS[name].place.rpartition(":")[0] + ":dead"
        eventually(lambda: redis.llen(dead) == 1)
        assert sum(one.popen.poll() is not None for one in everyone) == TRIES
        told = "".join(
            one.ended() if one.popen.poll() is not None else one.text for one in everyone
        )
        assert "poison" in told
        eventually(lambda: failures(person, with_json) == [1, 2, TRIES])
        living = [one for one in everyone if one.popen.poll() is None]
        send(redis, name, message("after", 100))
        eventually(lambda: "after" in "".join(one.text for one in living))
        for one in living:
            assert one.stop()[0] == 0
        shown = [line.split()[-1] for line in person.out if " ms  " in line and "delay" not in line]
        assert sorted(bodies(*with_json) + shown) == sorted([*names, "after"])
        assert redis.lrange(dead, 0, -1)[0].endswith(b'"body": "poison"}')
        redis.delete(dead)
        assert is_clean(redis, name)


@each_careful
def test_a_frozen_listener_that_wakes_up_goes_on(name: str, start: Start, redis: Redis) -> None:
    frozen = start(Hasty, name, "--json", "--work", "0.5")
    idle = start(Hasty, name, "--json")
    for listener in (frozen, idle):
        listener.gets(signal.SIGSTOP)  # what it is given now stays in its hand
    send(redis, name, message("a"), message("b", 2).encode())
    other = start(Hasty, name, "--json")
    other.receives(2)
    for listener in (frozen, idle):
        listener.gets(signal.SIGCONT)
    again = [*"cdefghijkl"]
    for seq, body in enumerate(again, 3):
        send(redis, name, message(body, seq))
    everyone = (frozen, idle, other)
    eventually(lambda: set(again) <= set(bodies(*everyone)))
    for listener in everyone:
        assert listener.stop()[0] == 0
        assert "refuses" not in listener.text
        assert "Traceback" not in listener.text
    assert [body for body in bodies(*everyone) if body in again] == again, "each of these once"
    assert bodies(other)[:2] == ["a", "b"]
    assert is_clean(redis, name)


def test_the_living_are_not_robbed_after_an_outage(start: Start, tmp_path: Path) -> None:
    port = free_port()
    options = (port, tmp_path, "7", "--appendonly", "yes")
    server = start(OtherServer, *options)
    working = [start(Hasty, n, "--json", "--work", "5", REDIS_URL=server.url) for n in CAREFUL]
    with Redis(port=port, db=5) as redis:
        for name in CAREFUL:
            send(redis, name, message("in hand"))
            eventually(lambda name=name: not untaken(redis, name))  # type: ignore[misc]
    others = [start(Hasty, name, "--json", REDIS_URL=server.url) for name in CAREFUL]
    server.kill()
    time.sleep(1.2)  # longer than the lease
    start(OtherServer, *options)
    for one in others:
        one.says("Reconnected")
    for one in working:
        one.receives(1)
    assert [one.lines() for one in others] == [[], []]
    for one in (*working, *others):
        assert one.stop()[0] == 0
    with Redis(port=port, db=5) as redis:
        assert keys(redis) == [b"task:stream:stream"]


@each_careful
def test_what_redis_holds_for_a_living_listener_is_done(
    name: str, start: Start, redis: Redis
) -> None:
    """As a promoted replica does that has not heard of an acknowledgement."""
    listener = start(Hasty, name, "--json")
    send(redis, name, message("a"))
    listener.receives(1)
    eventually(lambda: not PATTERNS[name].store.unfinished(redis))
    if name == "reliable":
        (holder,) = redis.smembers(HOLDERS)
        redis.lpush(taken_by(as_bytes(holder).decode()), message("b", 2).encode())
    else:
        (consumer,) = redis.xinfo_consumers(STREAM, GROUP)
        later = f"{2**42}-0"
        how: Any = {"time": 0, "force": True, "justid": True}
        with redis.pipeline() as at_once:  # or the listener would be given it
            at_once.xadd(STREAM, {"line": message("b", 2).encode()}, later)
            at_once.xgroup_setid(STREAM, GROUP, later)
            at_once.xclaim(STREAM, GROUP, consumer["name"], 0, [later], **how)
            at_once.execute()
    eventually(lambda: bodies(listener) == ["a", "b"])
    assert listener.stop()[0] == 0
    assert is_clean(redis, name)
