"""Processes under test: started as a person would, read line by line, and always ended."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from starting.process import ROOT, Process
from starting.waiting import DEADLINE, eventually

__all__ = [
    "DEADLINE",
    "PROMPTLY",
    "ROOT",
    "Process",
    "eventually",
    "marked",
    "processes",
    "stop_all",
]

PROMPTLY = 5  # seconds in which a listener stops; 1.2 at most where nothing else runs
os.environ["PYTHONUNBUFFERED"] = ""  # what is said at once is said so by the program itself


def stop_all(*processes: Process, number: signal.Signals = signal.SIGTERM) -> list[float]:
    """Send all of them a signal, then wait for each; the seconds that they took."""
    start, seconds = time.monotonic(), []
    for process in processes:
        process.gets(number)
    for process in processes:
        process.ended()
        seconds.append(time.monotonic() - start)
    return seconds


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
