"""Processes under test: started as a person would, read line by line, and always ended."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[1]
DEADLINE = 30  # seconds for anything that has to happen, beside whatever else runs
PROMPTLY = 5  # seconds in which a listener stops; 1.2 at most where nothing else runs

T = TypeVar("T")


def eventually(look: Callable[[], T], within: float = DEADLINE) -> T:
    """What `look` gives as soon as that is true of it; fails after the deadline."""
    deadline = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {within} s: {look}"
        time.sleep(0.01)
    return found


def at_once(*functions: Callable[[], T]) -> list[T]:
    """What these functions give, called at once: a process that starts is mostly waited for."""
    with ThreadPoolExecutor(len(functions)) as threads:
        return [*threads.map(lambda function: function(), functions)]


class Process:
    """A process whose output and errors are read as they come."""

    def __init__(
        self,
        command: Sequence[str | Path],
        cwd: Path = ROOT,
        environ: Mapping[str, str | None] | None = None,
    ) -> None:
        merged = {**os.environ, "PYTHONUNBUFFERED": "", **(environ or {})}
        self.popen = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env={name: value for name, value in merged.items() if value is not None},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.out: list[str] = []
        self.err: list[str] = []
        self._readers = [
            threading.Thread(target=_read, args=(stream, lines), daemon=True)
            for stream, lines in ((self.popen.stdout, self.out), (self.popen.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    @property
    def text(self) -> str:
        """All that it said so far."""
        return "".join([*self.out, *self.err])

    def must(self, condition: Callable[[], bool]) -> None:
        """Wait until it is so that it has started; a process that has not does not stay."""
        try:
            eventually(condition)
        except AssertionError:
            self.kill()
            raise

    def says(self, text: str, within: float = DEADLINE) -> None:
        """Wait until it has said that."""
        deadline = time.monotonic() + within
        while text not in self.text:
            assert time.monotonic() < deadline, f"{text!r} was not said in:\n{self.text}"
            assert self.popen.poll() is None or text in self.ended(), self.text
            time.sleep(0.01)

    def gets(self, number: signal.Signals) -> None:
        self.popen.send_signal(number)

    def ended(self, within: float = DEADLINE) -> str:
        """Wait for its end; all that it said."""
        self.popen.wait(within)
        for reader in self._readers:
            reader.join(within)
        return self.text

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal; the exit code and the seconds it took."""
        start = time.monotonic()
        self.gets(number)
        self.ended()
        return self.popen.returncode, time.monotonic() - start

    def kill(self) -> None:
        """End it and whatever it started in its session."""
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.ended()
        for stream in (self.popen.stdout, self.popen.stderr):
            if stream:
                stream.close()


def _read(stream: Any, lines: list[str]) -> None:
    for line in stream:
        lines.append(line)  # they are looked at while they come


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
