"""Processes under test: started as a person would, read line by line, and always ended."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import psutil

from starting import process
from starting.process import DEADLINE, ROOT, wait_until

__all__ = [
    "DEADLINE",
    "PROMPTLY",
    "ROOT",
    "Process",
    "eventually",
    "marked",
    "processes",
    "stop_all",
    "with_mark",
]

PROMPTLY = 5  # seconds in which a listener stops; 1.2 at most where nothing else runs
os.environ["PYTHONUNBUFFERED"] = ""  # what is said at once is said so by the program itself

T = TypeVar("T")


def eventually(check: Callable[[], T], within: float = DEADLINE) -> T:
    """Wait for a result that is true, and return it; raises TimeoutError."""
    if found := wait_until(check, within):
        return found
    raise TimeoutError(f"not within {within} s: {check}")


class Process(process.Process):
    """A process, and what a test expects of it."""

    @property
    def out(self) -> list[str]:
        """The lines on its stdout."""
        return self.stdout.lines()

    def says(self, text: str, within: float = DEADLINE) -> None:
        """Wait until it has written this text; raises TimeoutError."""
        if not wait_until(lambda: text in self.text, within, unless=self.has_ended):
            raise TimeoutError(f"{text!r} was not said in:\n{self.text}")

    def ended(self, within: float = DEADLINE) -> str:
        """Wait for its end, and return all that it has written."""
        self.popen.wait(within)
        return self.text

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal and wait; return the exit code and the seconds that it took."""
        start = time.monotonic()
        self.gets(number)
        self.ended()
        return self.popen.returncode, time.monotonic() - start


def stop_all(*processes: Process, number: signal.Signals = signal.SIGTERM) -> list[float]:
    """Send all of them a signal, then wait for each; the seconds that they took."""
    start, seconds = time.monotonic(), []
    for one in processes:
        one.gets(number)
    for one in processes:
        one.ended()
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
        for one in started:
            one.kill()


def marked(mark: str) -> list[str]:
    """The command lines of all processes that have this mark in their environment."""
    return [" ".join(one.info["cmdline"]) for one in with_mark(mark)]


def with_mark(mark: str) -> list[psutil.Process]:
    """All processes that have this mark in their environment, each with its command and state."""
    told = psutil.process_iter(["environ", "cmdline", "status"])
    there = (one for one in told if one.info["cmdline"])  # else it ended while we looked
    return [one for one in there if mark in (one.info["environ"] or {}).values()]
