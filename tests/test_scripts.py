"""The scripts that start everything, and what they leave behind: nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from starting.parts import WEB, find_server, server_command
from starting.ports import free_port, is_open
from starting.process import NotStartedError
from tests.processes import ROOT, Process, eventually, marked

Start = Callable[..., Any]


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
    with pytest.raises(NotStartedError, match="apt install redis-server"):
        find_server()
    wheel = program("bin/redis-server", "Redis server v=6.2.14 sha=0 malloc=libc bits=64 build=0")
    assert find_server() == wheel
    program("redis-server", "Redis server v=6.0.16 sha=0 malloc=libc bits=64 build=0")
    assert find_server() == wheel
    valkey = program("valkey-server", "Valkey server v=8.0.1 sha=0 malloc=libc bits=64 build=0")
    assert find_server() == valkey


@pytest.mark.parametrize("program", ["redis-server", "valkey-server", "the wheel's"])
def test_every_server_that_can_be_found_starts(program: str, start: Start, tmp_path: Path) -> None:
    wheel = Path(sys.prefix) / "bin" / "redis-server"
    path = str(wheel) if program == "the wheel's" else shutil.which(program)
    if not path or not Path(path).exists():
        pytest.skip(f"no {program} on this machine")
    port = free_port()
    start(Process, server_command(path, port, str(tmp_path)))
    eventually(lambda: is_open(port))
    with Redis(port=port) as redis:
        assert redis.config_get("save") == {"save": ""}
        assert redis.config_get("bind")["bind"].split()[0] == "127.0.0.1"


def test_the_second_set_up_takes_no_network() -> None:
    command = ["./scripts/setup", "requirements.txt", "requirements-demo.txt"]
    subprocess.run(command, cwd=ROOT, check=True)
    offline = os.environ | {"PIP_INDEX_URL": "http://127.0.0.1:1/", "PIP_NO_INDEX": "1"}
    second = subprocess.run(command, cwd=ROOT, check=True, env=offline, capture_output=True)
    assert not second.stderr  # else it says that it sets up


def test_the_first_look_needs_no_gunicorn(start: Start) -> None:
    port = free_port()
    web = start(
        Process, [sys.executable, "web.py"], environ={"PORT": str(port), "FLASK_DEBUG": "1"}
    )
    eventually(lambda: is_open(port))
    subprocess.run(["curl", "-sf", f"http://127.0.0.1:{port}/prodcons?body=look"], check=True)
    web.says("lpush task:prodcons:queue look")
    assert "Debug mode: off" in web.text


def test_a_web_that_is_stopped_while_it_starts_ends_at_once(start: Start) -> None:
    patient = {"GUNICORN_CMD_ARGS": "--graceful-timeout 60"}  # longer than `stop` waits
    web = start(Process, WEB, environ={"PORT": str(free_port()), **patient})
    web.says("Booting worker")
    code, _ = web.stop()
    assert code == 0


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
        say("resize-window", "-t", "watch", "-x", "110")  # as in a smaller terminal
        for link in ("pubsub", "prodcons?count=20"):
            subprocess.run(["curl", "-sf", f"http://127.0.0.1:{port}/{link}"], check=True)
        for name in panes.keys() - {"web"}:
            eventually(lambda name=name: " ms  " in say("capture-pane", "-pt", panes[name]))  # type: ignore[misc]
    finally:
        start(Process, ["./scripts/watch", "stop"], environ=environ).ended()
    eventually(lambda: not marked(mark))


def test_watch_says_that_tmux_is_missing(start: Start, tmp_path: Path) -> None:
    for program in ("sh", "dirname"):
        (tmp_path / program).symlink_to(str(shutil.which(program)))
    watch = start(Process, ["./scripts/watch"], environ={"PATH": str(tmp_path)})
    assert "tmux is not installed: apt install tmux" in watch.ended()
    assert watch.popen.returncode == 1
