"""What README.md and docs/ say is so: every command in them is there and does what they say."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from patterns.stream import STREAM
from tests.documents import COMMANDS, DOCUMENTS, TEXT
from tests.parts import Demo, Listener, RedisServer, Web
from tests.processes import ROOT, Process, eventually

Start = Callable[..., Any]

# Run by other tests, under the name that is given here.
RUN_ELSEWHERE = {
    "./scripts/demo": "test_the_demo_shows_both_patterns",
    "./scripts/demo jobs": "test_the_demo_of_jobs_has_work_done_in_each_way",
    "./scripts/inspect": "test_the_script_prints_it",
    "./scripts/test": "",  # it is what runs this
    "./scripts/siege prodcons": "test_the_script_starts_listeners_of_its_own",
    "./scripts/siege pubsub -c20 -r10": "test_the_script_starts_listeners_of_its_own",
    "./scripts/attack": "",  # its run is kept, and made into a table
    "./scripts/attack --short": "test_nothing_comes_that_is_not_to_come",
    "./scripts/kitchen": "test_threads_need_nothing_but_the_standard_library",
    "./scripts/kitchen --redis": "test_a_redis_that_is_missing_or_dies_is_told_in_a_sentence",
    "./scripts/compare --quick": "",  # CI runs it after the tests
    "./scripts/compare": "test_100_kills_lose_nothing",
    "./scripts/compare --check results/raw/killed-prodcons-ours-1": "--check",
    "gunicorn web:app": "def web(",
    "python web.py": "test_the_first_look_needs_no_gunicorn",
    "python3 -m venv .venv": "./scripts/demo",
    ". .venv/bin/activate": "./scripts/demo",
    "pip install -r requirements.txt": "./scripts/demo",
}
LISTENERS = {c for c in COMMANDS if c.startswith(("python listeners/", "python -m listeners."))}
CURL = {command for command in COMMANDS if command.startswith("curl ")}
COMPARE = {command for command in COMMANDS if "--listener" in command}  # in test_own_listener
REDIS_CLI = {command for command in COMMANDS if command.startswith("redis-cli ")}
SENDS = {c for c in REDIS_CLI if c in DOCUMENTS["docs/send.md"]}
DEAD_LETTERS = {c for c in REDIS_CLI if ":dead" in c}
GROUPS = {c for c in REDIS_CLI if "GROUP" in c}


def test_every_command_is_known() -> None:
    run_here = LISTENERS | CURL | COMPARE | SENDS | DEAD_LETTERS | GROUPS
    assert run_here | set(RUN_ELSEWHERE) == COMMANDS
    tests = "".join(path.read_text() for path in (ROOT / "tests").glob("*.py"))
    for test in RUN_ELSEWHERE.values():
        assert test in tests
    for script in re.findall(r"\./scripts/\w+", TEXT):
        assert (ROOT / script).stat().st_mode & 0o111
    assert "./scripts/watch stop" in TEXT


@pytest.mark.parametrize("command", sorted(LISTENERS))
def test_every_listener_command_listens(command: str, start: Start) -> None:
    words = command.split()
    listener = start(Process, [sys.executable, *words[1:]])
    if "--help" in words:
        assert "examples:" in listener.ended()
        return
    listener.says("Listening to ")
    if "--until-empty" in words:
        listener.ended()
    else:
        listener.stop()
    assert listener.popen.returncode == 0


@pytest.mark.parametrize("command", sorted(CURL))
def test_every_curl_command_does_what_it_says(command: str, web: Web) -> None:
    for host in ("127.0.0.1:5000", "192.168.1.7:5000"):
        command = command.replace(host, web.host)
    stream = "-N" in command
    said = subprocess.run(
        ["sh", "-c", f"{command} -sS -f{' -m 1' if stream else ''}"],
        capture_output=True,
        text=True,
        check=not stream,
    ).stdout
    if "/reset" in command:
        assert 'href="/?reset=' in said
    elif stream:
        assert said.startswith("retry: 1000\n\nevent: snapshot\ndata: {")
    elif "/status" in command:
        assert json.loads(said)["redis"] == "up"
    elif "/jobs/" in command:
        assert json.loads(said)["pieces"][0]["state"] == "PENDING"
    else:
        assert "Last click" in said or json.loads(said)["outcome"] == "sent"


def redis_cli(command: str, server: RedisServer) -> str:
    """What it prints, about the tests' Redis; redis-cli may be the one beside this Python."""
    path = {"PATH": f"{os.environ['PATH']}:{Path(sys.executable).parent}"}
    command = command.replace("redis-cli", f"redis-cli -p {server.port}")
    words = ["sh", "-c", command]
    return subprocess.run(
        words, env=os.environ | path, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("command", sorted(SENDS))
def test_what_redis_cli_sends_is_received(command: str, start: Start, server: RedisServer) -> None:
    (pattern,) = re.findall(r"task:(\w+):", command)
    listener = start(Listener, pattern)
    redis_cli(command, server)
    assert listener.receives(1)[0]["body"] == "7"


@pytest.mark.parametrize("pattern", ["reliable", "stream"])
def test_dead_letters_are_shown_and_tried_again(
    pattern: str, start: Start, server: RedisServer, redis: Redis
) -> None:
    key = f"task:{pattern}:dead"
    show, retry = sorted((c for c in DEAD_LETTERS if key in c), key=lambda c: "LRANGE" not in c)
    redis.lpush(key, "the oldest", "another")
    assert redis_cli(show, server).split("\n")[:2] == ["another", "the oldest"]
    redis_cli(retry, server)
    assert redis.lrange(key, 0, -1) == [b"another"]
    assert start(Listener, pattern).receives(1)[0]["body"] == "the oldest"


def test_a_group_that_nobody_needs_is_removed_with_its_messages(
    start: Start, server: RedisServer, redis: Redis
) -> None:
    show, destroy = sorted(GROUPS, key=lambda command: "DESTROY" in command)
    group = destroy.split()[-1]
    redis.xgroup_create(STREAM, group, mkstream=True)
    listener = start(Listener, "stream")
    redis.xadd(STREAM, {"line": "7"})
    listener.receives(1)
    assert redis.xlen(STREAM) == 1
    last = start(Listener, "stream", "--group", group)
    last.receives(1)
    eventually(lambda: redis.xlen(STREAM) == 0)
    last.stop()
    assert group in redis_cli(show, server)
    redis_cli(destroy, server)
    assert group not in redis_cli(show, server)


def test_the_demo_starts_the_patterns_that_are_named(demo: Callable[..., Demo]) -> None:
    command = "./scripts/demo reliable stream"
    assert f"`{command}`" in TEXT
    one = demo(command.split(), WEB_CONCURRENCY="1")
    one.says(f"Open http://127.0.0.1:{one.port}/?left=reliable&right=stream and click.", 30)
    for pattern in ("reliable", "stream"):
        eventually(lambda at=f"Listening to task:{pattern}:": one.text.count(at) == 2)  # type: ignore[misc]
        one.click(f"{pattern}?body=by-{pattern}")
        one.says(f"ms  by-{pattern}")
    one.stop()
