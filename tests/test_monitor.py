"""The plain path stays plain: what Redis is told when a link is clicked, and by whoever listens."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from patterns import PATTERNS
from patterns.machinery.lease import LEASE
from tests.parts import Listener, RedisServer, Web
from tests.places import each_pattern
from tests.processes import ROOT

TRANSACTION = {"MULTI", "EXEC"}
Told = Callable[[str], list[str]]


@pytest.fixture
def told(own_server: RedisServer) -> Iterator[Told]:
    """What Redis was told until somebody echoed that, as MONITOR shows it: the commands."""
    with Redis(port=own_server.port).monitor() as monitor:  # type: ignore[no-untyped-call]

        def until(word: str) -> list[str]:
            seen: list[str] = []
            for event in monitor.listen():
                command = event["command"]
                if command == f"ECHO {word}":
                    return seen
                if event["client_type"] != "lua":  # what a script says is told when it is called
                    seen.append(command.split()[0])
            raise AssertionError("unreachable")

        yield until


@each_pattern
def test_a_click_is_one_command(
    name: str, told: Told, own_server: RedisServer, start: Callable[..., Any]
) -> None:
    say = PATTERNS[name].commands
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
    own = [command for command in say.send if command not in say.take + say.beside]
    assert [command for command in commands if command in own] == own
    declared = {*say.send, *say.take, *say.acknowledge, *say.beside}
    assert set(commands) <= declared | TRANSACTION | {"SELECT"}  # of the heartbeat's connection


@each_pattern
def test_a_listener_says_little_beside_its_loop(
    name: str, told: Told, own_server: RedisServer, start: Callable[..., Any]
) -> None:
    start(Listener, name, REDIS_URL=own_server.url, LIVE="0")
    seconds = LEASE + 1.5
    with Redis(port=own_server.port) as redis:
        redis.echo("begin")
        told("begin")
        redis.brpoplpush("nothing", "nowhere", int(seconds))
        redis.echo("end")
    commands, say = Counter(told("end")), PATTERNS[name].commands
    for ours in ("BRPOPLPUSH", "SELECT", *TRANSACTION):  # SELECT: of a new connection
        del commands[ours]
    assert set(commands) <= {*say.take, *say.beside}
    assert max(commands.values()) <= 2 * seconds, "once a second, and twice at the most"


def test_oldest_first_is_brpop(
    told: Told, own_server: RedisServer, start: Callable[..., Any]
) -> None:
    start(Listener, "prodcons", "--oldest-first", REDIS_URL=own_server.url)
    with Redis(port=own_server.port) as redis:
        redis.blpop(["nothing"], 1.2)
        redis.echo("end")
    assert "BRPOP" in told("end")


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
