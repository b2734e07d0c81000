"""The listener scripts, run as a person runs them."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from patterns import PATTERNS
from tests.messages import message, send
from tests.parts import Listener
from tests.places import each_pattern
from tests.processes import PROMPTLY, ROOT, Process, stop_all

Start = Callable[..., Any]

# Every way to start a listener: the command, and the folder it is given in (None: another one).
WAYS = {
    "script": (["{python}", "listeners/{name}.py"], ROOT),
    "script elsewhere": (["{python}", str(ROOT / "listeners/{name}.py")], None),
    "module": (["{python}", "-m", "listeners.{name}"], ROOT),
}


@pytest.mark.parametrize(
    ("way", "number"),
    [
        *((way, signal.SIGTERM) for way in WAYS),
        *(("script", number) for number in (signal.SIGINT, signal.SIGHUP)),
    ],
)
def test_it_starts_both_ways_and_every_signal_stops_it(
    way: str, number: signal.Signals, start: Start, redis: Redis, tmp_path: Path
) -> None:
    command, folder = WAYS[way]
    listeners = {}
    for name in PATTERNS:
        words = [word.format(python=sys.executable, name=name) for word in command]
        listeners[name] = start(Process, ["env", "-C", folder or tmp_path, *words])
    for name, listener in listeners.items():
        listener.says("Listening to ")
        send(redis, name, message("seven"))
        listener.says("seven")
    assert max(stop_all(*listeners.values(), number=number)) < PROMPTLY
    for listener in listeners.values():
        assert listener.popen.returncode == 0
        assert "Received 1, malformed 0" in listener.text
        assert "Traceback" not in listener.text


def test_the_banner_says_what_where_how_many_and_how_to_stop(start: Start, redis: Redis) -> None:
    send(redis, "prodcons", b"1", b"2")
    port = redis.get_connection_kwargs()["port"]
    where = f"127.0.0.1:{port}/5"
    queue = start(Process, [sys.executable, "listeners/prodcons.py", "--work", "1"])
    queue.says(f"Listening to task:prodcons:queue at {where}: 2 waiting. Ctrl-C stops.")
    channel = start(Process, [sys.executable, "listeners/pubsub.py"])
    channel.says(f"Listening to task:pubsub:channel at {where}: nothing waits there. Ctrl-C stops.")


def test_oldest_first_is_a_queue_and_without_it_a_stack(start: Start, redis: Redis) -> None:
    for options, order in (([], "321"), (["--oldest-first"], "123")):
        send(redis, "prodcons", b"1", b"2", b"3")
        listener = start(Listener, "prodcons", "--until-empty", *options)
        listener.ended()
        assert listener.popen.returncode == 0
        assert "".join(line["body"] for line in listener.messages()) == order


@each_pattern
def test_help_shows_examples_and_every_option(name: str, start: Start) -> None:
    text = start(Process, [sys.executable, f"listeners/{name}.py", "--help"]).ended()
    options = ["--name", "--work", "--json", f"python listeners/{name}.py --name slow --work 0.2"]
    if name == "prodcons":
        options += ["--oldest-first", "--until-empty", "like a stack"]
    for option in options:
        assert option in " ".join(text.split())


@pytest.mark.parametrize(
    ("name", "options"),
    [
        *((name, "--work x") for name in PATTERNS),
        *(("prodcons", o) for o in ("--work -1", "--work nan", "--name ", "--name  ", "--nam a")),
    ],
)
def test_bad_options_are_said(name: str, options: str, start: Start) -> None:
    listener = start(Process, [sys.executable, f"listeners/{name}.py", *options.split(" ", 1)])
    assert "error: " in listener.ended()
    assert "Traceback" not in listener.text
    assert listener.popen.returncode == 2
