"""The scripts that start everything, and what they leave behind: nothing."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from starting.redis_server import NoServerError, find_server
from tests.processes import ROOT, Process, RedisServer, eventually, free_port, is_open

Start = Callable[..., Any]


def marked(mark: str) -> list[str]:
    """The command lines of all processes that have this mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # it ended while we looked
    return found


class Demo(Process):
    """The demo, on ports of its own; all that it starts carries a mark."""

    def __init__(self, command: list[str] | None = None, **environ: str) -> None:
        self.mark = f"mark-{uuid4().hex}"
        self.port, self.redis_port = free_port(), free_port()
        command = command or [sys.executable, "-m", "starting.demo"]
        url = f"redis://localhost:{self.redis_port}/5"
        super().__init__(
            command,
            environ={"MARK": self.mark, "PORT": str(self.port), "REDIS_URL": url, **environ},
        )

    def is_up(self, within: float = 30) -> None:
        self.says(f"Open http://127.0.0.1:{self.port} and click.", within)
        eventually(lambda: self.text.count("Listening to task:") == 4)

    def click(self, path: str) -> None:
        subprocess.run(
            ["curl", "-sf", "-o", "/dev/null", f"http://127.0.0.1:{self.port}/{path}"], check=True
        )


@pytest.fixture
def demo(start: Start) -> Iterator[Callable[..., Demo]]:
    demos: list[Demo] = []

    def start_one(command: list[str] | None = None, **environ: str) -> Demo:
        demos.append(start(Demo, command, **environ))
        return demos[-1]

    yield start_one
    for one in demos:
        one.kill()
        eventually(lambda one=one: not marked(one.mark))  # type: ignore[misc]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_demo_shows_both_patterns_and_leaves_nothing_behind(
    number: signal.Signals, demo: Callable[..., Demo]
) -> None:
    one = demo(["./scripts/demo"])
    one.is_up(within=120)  # its first start installs what it needs
    assert len(marked(one.mark)) >= 8  # demo, redis, gunicorn and two workers, four listeners
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
    eventually(lambda: not marked(one.mark))


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
        ("redis://:wrong@127.0.0.1:{port}/5", "wants another password"),
        ("unix:///nowhere/redis.sock", "it is not for us to start it"),
        ("nonsense", "REDIS_URL begins with"),
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
        assert one.popen.returncode == 1
        assert "Traceback" not in one.text


def test_a_server_that_is_too_old_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def program(name: str, version: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\necho '{version}'\n")
        path.chmod(0o755)
        return str(path)

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path / name))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(NoServerError, match="apt install redis-server"):
        find_server()
    wheel = program("bin/redis-server", "Redis server v=6.2.14 sha=0 malloc=libc bits=64 build=0")
    assert find_server() == wheel
    program("redis-server", "Redis server v=6.0.16 sha=0 malloc=libc bits=64 build=0")
    assert find_server() == wheel
    valkey = program("valkey-server", "Valkey server v=8.0.1 sha=0 malloc=libc bits=64 build=0")
    assert find_server() == valkey


def test_the_second_set_up_takes_no_network_and_no_time() -> None:
    command = ["./scripts/setup", "requirements.txt", "requirements-demo.txt"]
    subprocess.run(command, cwd=ROOT, check=True)
    offline = os.environ | {"PIP_INDEX_URL": "http://127.0.0.1:1/", "PIP_NO_INDEX": "1"}
    start = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, env=offline)
    assert time.monotonic() - start < 5


def test_the_first_look_needs_no_gunicorn(start: Start) -> None:
    port = free_port()
    web = start(
        Process, [sys.executable, "web.py"], environ={"PORT": str(port), "FLASK_DEBUG": "1"}
    )
    eventually(lambda: is_open(port))
    subprocess.run(["curl", "-sf", f"http://127.0.0.1:{port}/prodcons?body=look"], check=True)
    web.says("lpush task:prodcons:queue look")
    assert "Debug mode: off" in web.text


def test_watch_shows_the_web_and_every_listener(start: Start, tmp_path: Path) -> None:
    if not shutil.which("tmux"):
        assert not os.environ.get("CI"), "tmux is not installed"
        pytest.skip("tmux is not installed: apt install tmux")
    mark, port, redis_port = f"mark-{uuid4().hex}", free_port(), free_port()
    environ = {
        "MARK": mark,
        "TMUX_TMPDIR": str(tmp_path),
        "PORT": str(port),
        "REDIS_URL": f"redis://localhost:{redis_port}/5",
    }
    tmux = ["tmux", "-L", "queue-or-channel"]

    def say(*words: str) -> str:
        return subprocess.run(
            [*tmux, *words], env=os.environ | environ, capture_output=True, text=True, check=True
        ).stdout

    try:
        watch = start(Process, ["./scripts/watch"], environ=environ)
        assert "tmux -L queue-or-channel attach" in watch.ended(120)
        titles = say("list-panes", "-F", "#{pane_title}").split()
        assert sorted(titles) == ["prodcons-1", "prodcons-2", "pubsub-1", "pubsub-2", "web"]
        panes = dict(
            row.split() for row in say("list-panes", "-F", "#{pane_title} #{pane_id}").splitlines()
        )
        for name, pane in panes.items():
            if name != "web":
                eventually(lambda pane=pane: "Listening to" in say("capture-pane", "-pt", pane))  # type: ignore[misc]
        subprocess.run(["curl", "-sf", f"http://127.0.0.1:{port}/pubsub?body=seen"], check=True)
        for name in ("pubsub-1", "pubsub-2"):
            eventually(lambda name=name: "seen" in say("capture-pane", "-pt", panes[name]))  # type: ignore[misc]
    finally:
        start(Process, ["./scripts/watch", "stop"], environ=environ).ended()
    eventually(lambda: not marked(mark))


def test_watch_says_that_tmux_is_missing(start: Start, tmp_path: Path) -> None:
    for program in ("sh", "dirname"):
        (tmp_path / program).symlink_to(str(shutil.which(program)))
    watch = start(Process, ["./scripts/watch"], environ={"PATH": str(tmp_path)})
    assert "tmux is not installed: apt install tmux" in watch.ended()
    assert watch.popen.returncode == 1
