"""Starts processes that end when we end, waits for them, and reads their output meanwhile."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

import psutil

from starting.output import LogFiles, Output

ROOT = Path(__file__).resolve().parents[1]
STOP = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
TICK = 0.01  # seconds between two checks
DEADLINE = 30  # seconds, for whatever names no other
STOP_WITHIN = 10  # seconds after which a process that was asked to stop is killed
PR_SET_PDEATHSIG = 1  # of prctl(2)
LIBC = ctypes.CDLL(None)

Environ = Mapping[str, str]  # added to our own
Stream = int | IO[bytes] | None
Popen = subprocess.Popen[bytes]
T = TypeVar("T")


class NotStartedError(Exception):
    """Something cannot start; the message says why."""


def spawn(
    command: Sequence[str | Path],
    environ: Environ | None = None,
    stdout: Stream = None,
    stderr: Stream = None,
    stdin: Stream = None,
    at_our_end: signal.Signals = signal.SIGTERM,
) -> Popen:
    """Start a process in a session of its own, so that a Ctrl-C reaches us alone.

    It gets the signal `at_our_end` when we die, however that may be.
    """
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        preexec_fn=partial(be_a_child, os.getpid(), at_our_end),
    )


def be_a_child(parent: int, at_its_end: signal.Signals) -> None:
    """In the child: unblock signals, and get one when the parent dies."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP | {signal.SIGCHLD})
    LIBC.prctl(PR_SET_PDEATHSIG, at_its_end)
    if os.getppid() != parent:  # it died before that
        os.kill(os.getpid(), at_its_end)


def end(processes: Iterable[Popen], within: float = STOP_WITHIN) -> None:
    """Send SIGTERM to these processes, and kill with its group each that does not end in time."""
    processes = list(processes)
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + within
    for process in processes:
        try:
            process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(
    check: Callable[[], T],
    within: float,
    unless: Callable[[], bool] = lambda: False,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Check until the result is true, `within` seconds are over or `unless` holds; return it."""
    deadline = time.monotonic() + within
    while True:
        is_last = unless() or time.monotonic() > deadline
        if (found := check()) or is_last:
            return found
        sleep(TICK)


class Process:
    """A process in its own session, whose stdout and stderr go to files."""

    at_our_end = signal.SIGTERM  # what it gets when we die

    def __init__(
        self,
        command: Sequence[str | Path],
        environ: Environ | None = None,
        files: LogFiles = (None, None),
        stdin: Stream = subprocess.DEVNULL,
    ) -> None:
        self.command = " ".join(map(str, command))
        self.stdout, self.stderr = map(Output, files)
        streams = (self.stdout.file, self.stderr.file, stdin)
        self.popen = spawn(command, environ, *streams, self.at_our_end)

    @property
    def text(self) -> str:
        """All that it has written: stdout, then stderr."""
        return self.stdout.text() + self.stderr.text()

    def has_ended(self) -> bool:
        return self.popen.poll() is not None

    def must(self, condition: Callable[[], bool], within: float = DEADLINE) -> None:
        """Wait until the condition holds, as a sign that it has started; else kill it and raise."""
        try:
            if not wait_until(condition, within, unless=self.has_ended):
                raise NotStartedError(f"{self.command} did not start: {self.text}")
        except BaseException:
            self.kill()
            raise

    def gets(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.popen.send_signal(number)

    def kill(self) -> None:
        """Kill it and its group, and close its output."""
        with self.popen:  # which waits for its end, and closes the pipe to it
            if not self.has_ended():
                os.killpg(self.popen.pid, signal.SIGKILL)
        for output in (self.stdout, self.stderr):
            output.close()

    def members(self) -> list[psutil.Process]:
        """It and its descendants, as far as they still run."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.popen.pid)
            return [process, *process.children(recursive=True)]
        return []
