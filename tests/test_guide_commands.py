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


def test_the_commands_of_the_guide_do_what_it_says(demo: Callable[..., Demo], start: Start) -> None:
    one = demo()
    one.is_up()
    commands = set(one.guide())
    (pkill,) = {command for command in commands if "pkill" in command}
    pattern = re.fullmatch(r"pkill -f '(.*)'", pkill)
    assert pattern
    assert sum(pattern[1] in command for command in marked(one.mark)) == 4
    listeners = {command for command in commands if " listeners/" in command} - {pkill}
    assert len(commands) - len(listeners) == 2  # the other one shuts Redis down
    for command in listeners:
        words = command.replace(".venv/bin/python", sys.executable).split()
        start(Process, words, environ={"REDIS_URL": one.environ["REDIS_URL"]}).says("Listening to ")
