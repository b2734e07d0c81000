"""The plain path stays plain: what Redis is told when a link is clicked, and by whoever listens."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from patterns.groups import STREAM
from patterns.lease import LEASE
from patterns.prodcons import QUEUE
from patterns.pubsub import CHANNEL
from patterns.reliable import HOLDERS, LEASES, RELIABLE, TAKEN
from tests.parts import Listener, RedisServer, Web
from tests.places import each_pattern
from tests.processes import ROOT

# What a click says, in this order; what a listener says to get a message and when it is done; and
# what it says beside that each second, to show that it lives and to take over what the dead left.
SAID: dict[str, tuple[list[str], set[str], set[str]]] = {
    "prodcons": ([f"LPUSH {QUEUE}"], {f"BLPOP {QUEUE}"}, set()),
    "pubsub": ([f"PUBLISH {CHANNEL}"], set(), {"PING"}),
    "reliable": (
        [f"LPUSH {RELIABLE}"],
        {f"BLMOVE {RELIABLE}", f"LREM {TAKEN}"},
        {"MULTI", f"SADD {HOLDERS}", f"SET {LEASES}", "EXEC", f"SMEMBERS {HOLDERS}"}
        | {f"MGET {LEASES}"},
    ),
    "stream": (
        ["MULTI", f"XADD {STREAM}", f"XLEN {STREAM}", "EXEC"],
        {f"XREADGROUP {STREAM}", "MULTI", f"XACK {STREAM}", f"EVAL {STREAM}", "EXEC"},
        {f"XPENDING {STREAM}", f"XAUTOCLAIM {STREAM}", f"EVAL {STREAM}"},
    ),
}
Told = Callable[[str], list[str]]


@pytest.fixture
def told(own_server: RedisServer) -> Iterator[Told]:
    """What Redis was told until somebody echoed that, as MONITOR shows it: command and key."""
    with Redis(port=own_server.port).monitor() as monitor:  # type: ignore[no-untyped-call]

        def until(word: str) -> list[str]:
            seen: list[str] = []
            for event in monitor.listen():
                command = event["command"]
                if command == f"ECHO {word}":
                    return seen
                if event["client_type"] != "lua":  # what a script says is told when it is called
                    key = re.search(r" (task:\w+:\w+)", command)
                    seen.append(command.split()[0] + (f" {key[1]}" if key else ""))
            raise AssertionError("unreachable")

        yield until


@each_pattern
def test_a_click_is_one_command(
    name: str, told: Told, own_server: RedisServer, start: Callable[..., Any]
) -> None:
    click, receiving, beside = SAID[name]
    web = start(Web, REDIS_URL=own_server.url, LIVE="0", WEB_CONCURRENCY="1")
    listener = start(Listener, name, REDIS_URL=own_server.url, LIVE="0")
    web.send(f"/{name}")  # so that it has its connection
    listener.receives(1)
    with Redis(port=own_server.port) as redis:
        redis.echo("begin")
        told("begin")
        web.ask(f"/{name}")
        redis.echo("clicked")
        clicked = told("clicked")
        listener.receives(2)
        redis.echo("end")
        commands = clicked + told("end")
    own = [command for command in click if command not in receiving | beside]
    assert [command for command in commands if command in own] == own
    assert set(commands) <= {*click} | receiving | beside


def test_a_listener_says_little_beside_its_loop(
    told: Told, own_server: RedisServer, one_of_each: Callable[..., dict[str, Listener]]
) -> None:
    one_of_each(REDIS_URL=own_server.url, LIVE="0")
    with Redis(port=own_server.port) as redis:
        redis.echo("begin")
        told("begin")
        redis.blpop(["nothing"], LEASE + 1.5)
        redis.echo("end")
    commands = Counter(told("end"))
    del commands["BLPOP"], commands["SELECT"]  # ours, and that of a new connection
    waits = {f"BLPOP {QUEUE}", f"BLMOVE {RELIABLE}", f"XREADGROUP {STREAM}"}
    assert set(commands) == waits.union(*(beside for _, _, beside in SAID.values()))
    del commands["MULTI"], commands["EXEC"]
    assert max(commands.values()) <= 2 * (LEASE + 1.5), "once a second, and twice at the most"


def test_oldest_first_is_brpop(
    told: Told, own_server: RedisServer, start: Callable[..., Any]
) -> None:
    start(Listener, "prodcons", "--oldest-first", REDIS_URL=own_server.url)
    with Redis(port=own_server.port) as redis:
        redis.blpop(["nothing"], 1.2)
        redis.echo("end")
    assert f"BRPOP {QUEUE}" in told("end")


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("web.py", (r"\.lpush\(QUEUE", r"\.publish\(CHANNEL", r"\.lpush\(RELIABLE", r"\.xadd\(")),
        ("listeners/prodcons.py", (r"redis\.blpop",)),
        ("listeners/pubsub.py", (r"pubsub\.listen\(\)",)),
        ("listeners/reliable.py", (r"redis\.blmove\(", r"redis\.lrem\(")),
        ("listeners/stream.py", (r"redis\.xreadgroup\(", r"redis\.xautoclaim\(", "acknowledge")),
    ],
)
def test_the_sending_functions_stand_in_web_py_and_the_receiving_ones_in_listeners(
    path: str, shows: tuple[str, ...]
) -> None:
    source = (ROOT / path).read_text()
    for command in shows:
        assert re.search(command, source)
