"""The demo starts everything, and leaves nothing behind."""

import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from starting.ports import free_port, is_open
from tests.parts import Demo, RedisServer
from tests.processes import Process, eventually, marked

Start = Callable[..., Any]


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.heavy),
        pytest.param(signal.SIGHUP, marks=pytest.mark.heavy),
    ],
)
def test_the_demo_shows_both_patterns_and_leaves_nothing_behind(
    number: signal.Signals, demo: Callable[..., Demo]
) -> None:
    one = demo(["./scripts/demo"])
    one.is_up(within=120)  # its first start installs what it needs
    # The demo, gunicorn and two workers, four listeners; Redis hides its environment.
    eventually(lambda: len(marked(one.mark)) == 8)
    one.click("prodcons?body=to-one")
    one.click("pubsub?body=to-all")
    eventually(lambda: one.text.count("ms  to-all") == 2)
    eventually(lambda: one.text.count("ms  to-one") == 1)
    for name in ("prodcons-1", "prodcons-2", "pubsub-1", "pubsub-2"):
        assert re.search(rf"^[\d:.]+  {name}  +Listening to", one.text, re.MULTILINE)
    code, seconds = one.stop(number)
    assert code == 0
    assert seconds < 8
    assert marked(one.mark) == []
    assert not is_open(one.port)
    assert not is_open(one.redis_port)
    assert "Traceback" not in one.text
    assert "is away" not in one.text, "Redis stopped before those who need it"


def test_a_listener_that_is_killed_is_one_line_and_the_rest_goes_on(
    demo: Callable[..., Demo], tmp_path: Path
) -> None:
    one = demo()
    one.is_up()
    with Redis(port=one.redis_port) as redis:
        clients = int(redis.pubsub_numsub("task:pubsub:channel")[0][1])
        assert clients == 2
    victim = next(
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if b"pubsub-2" in _cmdline(process)
        and one.mark.encode() in (process / "environ").read_bytes()
    )
    os.kill(victim, signal.SIGKILL)
    one.says("pubsub-2 ended: killed by SIGKILL. The rest goes on.")
    one.click("pubsub?body=still")
    one.says("ms  still")
    assert one.stop()[0] == 0


def _cmdline(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def test_even_a_killed_demo_leaves_nothing_behind(demo: Callable[..., Demo]) -> None:
    one = demo()
    one.is_up()
    one.gets(signal.SIGKILL)
    eventually(lambda: not marked(one.mark) and not is_open(one.redis_port))


def test_a_demo_whose_reader_is_gone_ends(start: Start) -> None:
    mark, port = f"mark-{uuid4().hex}", free_port()
    url = f"redis://localhost:{free_port()}/5"
    start(
        Process,
        ["sh", "-c", f"{sys.executable} -m starting.demo 2>/dev/null | head -n 1"],
        environ={"MARK": mark, "PORT": str(port), "REDIS_URL": url},
    ).says("demo")
    eventually(lambda: not marked(mark))


def test_a_redis_that_is_there_is_used_and_left_alone(
    demo: Callable[..., Demo], server: RedisServer
) -> None:
    one = demo(REDIS_URL=server.url)
    one.says(f"Redis is at 127.0.0.1:{server.port}/5 already.")
    one.is_up()
    assert not any("redis-server" in command for command in marked(one.mark))
    assert one.stop()[0] == 0
    assert is_open(server.port)


def test_a_port_in_use_is_a_sentence(demo: Callable[..., Demo], server: RedisServer) -> None:
    one = demo(REDIS_URL=server.url, PORT=str(server.port))
    sentence = f"Port {server.port} of 127.0.0.1 is in use: stop what uses it, or take another one"
    assert sentence in one.ended()
    assert one.popen.returncode == 1
    assert "Traceback" not in one.text


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("redis://no-such-host.invalid/5", "no such host"),
        ("redis://:wrong@127.0.0.1:{port}/5", "do not fit"),
        ("unix:///nowhere/redis.sock", "it is not for us to start it"),
        ("redis://:secret@127.0.0.1:1/5", "it is not for us to start it"),
    ],
)
def test_a_redis_that_cannot_be_had_is_a_sentence(
    url: str, sentence: str, demo: Callable[..., Demo], server: RedisServer
) -> None:
    one = demo(REDIS_URL=url.format(port=server.port))
    assert sentence in one.ended()
    assert one.popen.returncode == 1
    assert "Traceback" not in one.text


def test_a_setting_that_is_nonsense_is_a_sentence(demo: Callable[..., Demo]) -> None:
    for name, value in (("PORT", "x"), ("QUEUE_LIMIT", "0"), ("LOG_LEVEL", "loud")):
        one = demo(**{name: value})
        assert f"{name}='{value}' is " in one.ended()
        assert one.popen.returncode == 2
        assert "Traceback" not in one.text


def test_a_redis_url_that_is_none_is_a_sentence(demo: Callable[..., Demo]) -> None:
    one = demo(REDIS_URL="nonsense")
    assert "REDIS_URL begins with" in one.ended()
    assert one.popen.returncode == 2
    assert "Traceback" not in one.text


def test_a_demo_without_a_web_invites_nobody_to_open_it(demo: Callable[..., Demo]) -> None:
    one = demo([sys.executable, "-m", "starting.demo", "redis"])
    one.says("Ctrl-C here stops everything.")
    assert "Open" not in one.text
    assert one.stop()[0] == 0


def test_of_two_demos_at_the_same_moment_one_says_that_the_port_is_taken(
    demo: Callable[..., Demo],
) -> None:
    first = demo()
    second = demo(PORT=str(first.port))
    eventually(lambda: first.has_ended() or second.has_ended())
    loser, winner = (first, second) if first.has_ended() else (second, first)
    assert "The web did not start" in loser.text or f"Port {first.port} of" in loser.text
    assert "Open http" not in loser.text
    assert loser.popen.returncode == 1
    assert marked(loser.mark) == []
    winner.says(f"Open http://127.0.0.1:{first.port} and click.")
    winner.stop(signal.SIGINT)


def test_a_demo_starts_a_redis_when_that_of_another_one_has_left(
    demo: Callable[..., Demo],
) -> None:
    first = demo()
    first.is_up()
    second = demo(REDIS_URL=first.environ["REDIS_URL"])
    second.is_up()
    second.says("Redis is at localhost:")
    first.stop(signal.SIGINT)
    second.says("Redis started at localhost:")
    eventually(lambda: second.text.count("Reconnected to") == 4)
    second.click("prodcons")
    second.stop(signal.SIGINT)
