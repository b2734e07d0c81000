"""The chart of the kitchen tells who waits and when."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest

from jobs.kitchen.diary import Diary, Event
from jobs.kitchen.drawing import draw
from tests.processes import (
    ROOT,
)


def test_the_chart_tells_who_waits_and_when() -> None:
    diary = Diary(places=2)
    for at, who, what in (
        (10, "eater 1", "waits"),
        (12, "cook 1", "puts"),
        (12, "eater 1", "takes"),
        (13, "cook 1", "puts"),
        (14, "cook 1", "puts"),
        (15.3, "cook 1", "waits"),
        (18, "eater 1", "has eaten"),
        (18, "eater 1", "takes"),
        (18, "cook 1", "puts"),
        (19, "eater 1", "was killed"),
    ):
        diary.note(Event(at, who, what))
    chart = draw(diary, ["cook 1"], ["eater 1"], (10, 10, 20), 50, coloured=False)
    assert chart == [
        "           0 s             10 s",
        "cook 1     ───────────▒▒▒▒▒────  waited   2.7 s",
        "counter    ·····▄▄█████████████  2 of 2",
        "eater 1    ▒▒▒▒────────────────  was killed",
        "           ▒ waits, ─ cooks or eats",
    ]


@pytest.mark.parametrize("no_colour", ["", "1"])
def test_on_a_terminal_the_chart_is_redrawn(no_colour: str) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environ = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": no_colour}
    command = [sys.executable, "-m", "jobs.kitchen", "--seconds", "0.3"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, env=environ
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65_536):
                shown += part
        except OSError:  # it has closed the terminal
            os.close(ours)
    assert process.returncode == 0
    frames = shown.decode().split("\x1b[8F")
    assert len(frames) > 2
    for line in frames[-1].splitlines():
        assert len(re.sub(r"\x1b\[[\d;]*[mK]", "", line)) < 80
    assert ("\x1b[38;5;32m" in frames[-1]) == (not no_colour)
    assert "Cooked" in frames[-1]
