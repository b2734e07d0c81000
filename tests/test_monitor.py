"""The plain path stays plain: what Redis is told when a link is clicked."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from messaging.names import CHANNEL, QUEUE
from tests.parts import Listener, RedisServer, Web
from tests.processes import ROOT
from web import PATTERNS


@pytest.fixture
def told(server: RedisServer) -> Iterator[Callable[[str], list[str]]]:
    """What Redis was told until it was told that, as MONITOR shows it: command and key."""
    with Redis(port=server.port).monitor() as monitor:  # type: ignore[no-untyped-call]

        def until(last: str) -> list[str]:
            seen: list[str] = []
            for event in monitor.listen():
                seen.append(" ".join(event["command"].split()[:2]))
                if event["command"].startswith(last):
                    return seen
            raise AssertionError("unreachable")

        yield until


@pytest.mark.parametrize("name", PATTERNS)
def test_a_click_is_one_command(
    name: str, told: Callable[[str], list[str]], redis: Redis, web: Web, start: Callable[..., Any]
) -> None:
    listener = start(Listener, name)
    for _ in range(20):
        web.send(f"/{name}")  # so that both web processes have their connection
    listener.receives(20)
    redis.echo("begin")
    told("ECHO begin")
    web.ask(f"/{name}")
    listener.receives(21)
    redis.echo("end")
    commands = [command for command in told("ECHO end") if not command.startswith("ECHO")]
    clicked = {"prodcons": f"LPUSH {QUEUE}", "pubsub": f"PUBLISH {CHANNEL}"}[name]
    assert commands.count(clicked) == 1
    # A listener of the queue asks for the next message, which blocks, and again each second.
    assert set(commands) - {clicked} <= ({f"BLPOP {QUEUE}"} if name == "prodcons" else set())
    assert (f"BLPOP {QUEUE}" in commands) == (name == "prodcons")


def test_oldest_first_is_brpop(
    told: Callable[[str], list[str]], redis: Redis, start: Callable[..., Any]
) -> None:
    start(Listener, "prodcons", "--oldest-first")
    told(f"BRPOP {QUEUE}")


def test_the_sending_functions_stand_in_web_py_and_the_receiving_ones_in_listeners() -> None:
    sources = {
        path: (ROOT / path).read_text()
        for path in ("web.py", "listeners/prodcons.py", "listeners/pubsub.py")
    }
    assert re.search(r"\.lpush\(QUEUE", sources["web.py"])
    assert re.search(r"\.publish\(CHANNEL", sources["web.py"])
    assert re.search(r"redis\.blpop", sources["listeners/prodcons.py"])
    assert re.search(r"pubsub\.listen\(\)", sources["listeners/pubsub.py"])
