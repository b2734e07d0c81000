"""Processes under test: started as a person would, read line by line, and always ended."""

import contextlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from starting.process import ROOT, Process
from starting.waiting import DEADLINE, eventually

__all__ = ["DEADLINE", "PROMPTLY", "ROOT", "Process", "eventually", "marked", "processes"]

# A child gets a SIGTERM when the thread that started it ends, so these threads never do.
STARTERS = ThreadPoolExecutor(16)

T = TypeVar("T")

PROMPTLY = 5  # seconds in which a listener stops; 1.2 at most where nothing else runs
os.environ["PYTHONUNBUFFERED"] = ""  # what is said at once is said so by the program itself


def at_once(*functions: Callable[[], T]) -> list[T]:
    """What these functions give, called at once: a process that starts is mostly waited for."""
    return [*STARTERS.map(lambda function: function(), functions)]


@contextlib.contextmanager
def processes() -> Iterator[Callable[..., Any]]:
    """Starts processes that are gone afterwards: `start(Listener, "pubsub", "--work", "1")`."""
    started: list[Process] = []

    def start(kind: Callable[..., Process], *arguments: Any, **environ: Any) -> Process:
        started.append(kind(*arguments, **environ))
        return started[-1]

    try:
        yield start
    finally:
        for process in started:
            process.kill()


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
