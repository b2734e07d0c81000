"""Processes that end when we do, and whose output is read while they run."""

import ctypes
import os
import signal
import subprocess
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from starting.output import UNNAMED, Files, Output
from starting.waiting import DEADLINE, wait_until

ROOT = Path(__file__).resolve().parents[1]
STOP = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
STOP_WITHIN = 10  # seconds for a process that was asked to stop; then it is killed
PR_SET_PDEATHSIG = 1  # of prctl(2)
LIBC = ctypes.CDLL(None)

Environ = Mapping[str, str | None]  # what is None is taken away
File = int | IO[bytes] | None
Popen = subprocess.Popen[bytes]


class NotStartedError(Exception):
    """A process did not start, and a sentence with what it said."""


def spawn(
    command: Sequence[str | Path],
    environ: Environ | None = None,
    stdout: File = None,
    stderr: File = None,
    stdin: File = None,
    cwd: Path = ROOT,
) -> Popen:
    """Start a process in a session of its own, so that a Ctrl-C reaches us alone."""
    merged = {**os.environ, **(environ or {})}
    with warnings.catch_warnings():  # Python 3.12 warns of threads; be_a_child takes no lock
        warnings.simplefilter("ignore", DeprecationWarning)
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env={name: value for name, value in merged.items() if value is not None},
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=be_a_child,
        )


def be_a_child() -> None:
    """Take signals as usual, and get a SIGTERM when our parent dies."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP | {signal.SIGCHLD})
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end(processes: Iterable[Popen], within: float = STOP_WITHIN) -> None:
    """Ask these to stop, wait until they did, and kill those that do not, with their groups."""
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


class Process:
    """A process whose output goes to files, and is read from there."""

    def __init__(
        self,
        command: Sequence[str | Path],
        cwd: Path = ROOT,
        environ: Environ | None = None,
        files: Files = UNNAMED,
        stdin: File = subprocess.DEVNULL,
    ) -> None:
        self.command = " ".join(map(str, command))
        self.output, self.errors = map(Output, files)
        into = self.output.file, self.errors.file
        self.popen = spawn(command, environ, *into, stdin, cwd)

    @property
    def out(self) -> list[str]:
        """The lines that it has written."""
        return self.output.lines()

    @property
    def text(self) -> str:
        """All that it has written, its errors last."""
        return self.output.text() + self.errors.text()

    def has_ended(self) -> bool:
        return self.popen.poll() is not None

    def must(self, condition: Callable[[], bool], within: float = DEADLINE) -> None:
        """Wait until it is so that it has started; a process that has not does not stay."""
        try:
            wait_until(lambda: condition() or self.has_ended(), within)
            if not condition():
                raise NotStartedError(f"{self.command} did not start: {self.text}")
        except BaseException:
            self.kill()
            raise

    def says(self, text: str, within: float = DEADLINE) -> None:
        """Wait until it has said that."""
        wait_until(lambda: text in self.text or self.has_ended(), within)
        if text not in self.text:
            raise TimeoutError(f"{text!r} was not said in:\n{self.text}")

    def gets(self, number: signal.Signals) -> None:
        self.popen.send_signal(number)

    def ended(self, within: float = DEADLINE) -> str:
        """Wait for its end; all that it said."""
        self.popen.wait(within)
        return self.text

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal; the exit code and the seconds it took."""
        start = time.monotonic()
        self.gets(number)
        self.ended()
        return self.popen.returncode, time.monotonic() - start

    def kill(self) -> None:
        """End it and whatever is in its session."""
        if not self.has_ended():
            os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()
        if self.popen.stdin:
            self.popen.stdin.close()
        for output in (self.output, self.errors):
            output.close()

    def members(self) -> list[int]:
        """The processes of its session, itself first."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it ended while we looked
                if int(path.read_text().rpartition(")")[2].split()[3]) == self.popen.pid:
                    found.append(int(path.parent.name))
        return sorted(found, key=lambda pid: pid != self.popen.pid)
