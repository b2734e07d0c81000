"""A kitchen under test: its lines read as events, and its sum as numbers."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast
from uuid import uuid4

import psutil

from tests.processes import Process, marked

Start = Callable[..., Any]
FULL = ("--cooks", "6", "--eaters", "1", "--places", "5")
EMPTY = ("--cooks", "1", "--eaters", "3")
LONG = ("--seconds", "60")
WAYS = {
    "threads": (),
    "processes": ("--redis",),
}
LINE = re.compile(
    r" *([\d.]+) s  ([■·]+)  +(\d+) of \d+  (\w+ \d+) "
    r"(puts|takes|has eaten|waits: the counter is (?:full|empty)|was killed|gave up) ?([\d-]*)"
)
SUM = re.compile(r"Cooked (\d+) = eaten (\d+) \+ left on the counter (\d+)(?: \+ lost (\d+))?\.")


@dataclass(frozen=True)
class Line:
    """One event as a kitchen has printed it."""

    at: float  # seconds
    bar: str
    level: int
    who: str
    what: str
    dish: str


@dataclass(frozen=True)
class Sum:
    """What a kitchen says at its end."""

    cooked: int
    eaten: int
    left: int
    lost: int
    waited: dict[str, float]  # seconds


class Kitchen(Process):
    """A kitchen, whose processes all carry a mark."""

    def __init__(self, *options: str, **environ: str) -> None:
        self.mark = f"mark-{uuid4().hex}"
        command = [sys.executable, "-m", "jobs.kitchen", *options]
        super().__init__(command, {"MARK": self.mark, **environ})

    def lines(self) -> list[Line]:
        """The events; those who printed anything else before the sum are found out."""
        events = []
        for line in self.out:
            if line.startswith("Cooked"):
                break
            found = LINE.fullmatch(line)
            assert found, line
            assert len(line) <= 80
            at, bar, level, who, what, dish = found.groups()
            events.append(Line(float(at), bar, int(level), who, what, dish))
        return events

    def dishes(self, what: str) -> list[str]:
        return [line.dish for line in self.lines() if line.what == what]

    def closed(self) -> Sum:
        """Wait for its end: it says no error, leaves no process, and its sum is right."""
        self.ended()
        assert self.stderr.text() == ""
        assert self.popen.returncode == 0
        assert marked(self.mark) == []
        ((cooked, eaten, left, lost),) = SUM.findall(self.text)
        told = " ".join(self.out).partition("Waited:")[2]
        waited = {who: float(s) for who, s in re.findall(r"(\w+ \d+) ([\d.]+) s", told)}
        found = Sum(int(cooked), int(eaten), int(left), int(lost or 0), waited)
        assert found.cooked == found.eaten + found.left + found.lost
        assert found.cooked == len(self.dishes("puts"))
        assert found.eaten == len(self.dishes("has eaten"))
        return found

    def child(self, number: int) -> psutil.Process:
        """One of its processes, in the order of their start: the cooks, then the eaters."""
        children = cast(list[psutil.Process], psutil.Process(self.popen.pid).children())
        return sorted(children, key=lambda one: (one.create_time(), one.pid))[number]

    def waits(self, who: str) -> tuple[float, bool]:
        """Seconds that somebody waited by the lines, and whether the last wait went on."""
        own = [line for line in self.lines() if line.who == who]
        seconds = sum(b.at - a.at for a, b in pairwise(own) if a.what.startswith("waits"))
        return seconds, bool(own) and own[-1].what.startswith("waits")
