"""The commands that the page offers to copy do what it says."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from tests.parts import Demo
from tests.processes import ROOT, Process, eventually, marked

Start = Callable[..., Any]


def test_a_redis_of_its_own_that_is_shut_down_is_started_again(demo: Callable[..., Demo]) -> None:
    one = demo()
    one.is_up()
    (shutdown,) = [command for command in one.guide() if "shutdown" in command]
    command = shutdown.replace(".venv/bin/python", sys.executable)
    subprocess.run(["sh", "-c", command], cwd=ROOT, check=True, env=os.environ | one.environ)
    one.says("redis ended: exit code 0")
    eventually(lambda: one.text.count("Redis started at ") == 2)
    eventually(lambda: one.text.count("Reconnected to ") == 4)


def test_what_ends_listeners_names_those_that_the_page_shows(
    demo: Callable[..., Demo], start: Start
) -> None:
    one = demo()
    one.is_up()
    elsewhere = start(Process, [sys.executable, "listeners/pubsub.py"], {"REDIS_URL": OTHER})
    kill = max((c for c in eventually(lambda: kills(one, 4)) if " -9" not in c), key=len)
    pids = {int(word) for word in kill.split()[1:]}
    assert len(pids) == 4
    assert elsewhere.popen.pid not in pids
    subprocess.run(kill.split(), check=True)
    eventually(lambda: not any(" listeners/" in command for command in marked(one.mark)))
    assert not elsewhere.has_ended()
    eventually(lambda: not kills(one, 1))


OTHER = "redis://127.0.0.1:1/5"  # where nothing answers


def kills(one: Demo, count: int) -> list[str]:
    """The commands that end listeners, once the page knows at least so many."""
    found = [command for command in one.guide() if command.startswith("kill ")]
    return found if any(len(command.split()) > count for command in found) else []


def test_the_commands_that_start_listeners_start_them(
    demo: Callable[..., Demo], start: Start
) -> None:
    one = demo()
    one.is_up()
    commands = {command for command in one.guide() if " listeners/" in command}
    assert len(commands) > 6
    for command in commands:
        assert re.match(r"\.venv/bin/python listeners/\w+\.py", command)
        words = command.replace(".venv/bin/python", sys.executable).split()
        started = start(Process, words, environ={"REDIS_URL": one.environ["REDIS_URL"]})
        started.says("Listening to ")
