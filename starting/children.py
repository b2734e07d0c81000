"""Child processes, all of which are gone when we are, however we end."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STOP = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
TICK = 0.05  # seconds between two looks at a condition
STOP_WITHIN = 10  # seconds for a child that was asked to stop; then it is killed
PR_SET_PDEATHSIG = 1  # of prctl(2)


class StopAskedError(Exception):
    """By Ctrl-C, SIGTERM or SIGHUP."""


class Children:
    """Starts processes, tells which of them ended, stops the rest.

    Signals are blocked and waited for here: what they ask for is done between two steps of ours,
    never within one.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell  # one line, for people
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP | {signal.SIGCHLD})

    def start(
        self,
        name: str,
        command: Sequence[str],
        stdout: int | None = None,
        stderr: int | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Start a process in a session of its own, so that a Ctrl-C reaches us alone."""
        self._running[name] = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(environ or {})},
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=be_a_child,
        )

    def running(self) -> set[str]:
        return set(self._running)

    def wait(self, seconds: float | None = None) -> None:
        """Wait until a child ended, or for some seconds; raises StopAskedError."""
        if seconds is None:
            caught = signal.sigwait(STOP | {signal.SIGCHLD})
        elif information := signal.sigtimedwait(STOP | {signal.SIGCHLD}, seconds):
            caught = signal.Signals(information.si_signo)
        else:
            return
        if caught in STOP:
            raise StopAskedError
        for name, process in list(self._running.items()):
            if (code := process.poll()) is not None:
                del self._running[name]
                how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
                self._tell(f"{name} ended: {how}. The rest goes on.")

    def wait_until(self, condition: Callable[[], bool], seconds: float, needs: str = "") -> bool:
        """Wait until the condition holds, or the child it needs has ended; whether it holds."""
        deadline = time.monotonic() + seconds
        while not (met := condition()) and time.monotonic() < deadline:
            if needs and needs not in self._running:
                break
            self.wait(TICK)
        return met

    def stop(self, *names: str) -> None:
        """Ask these children to stop, wait until they did, and kill those that do not."""
        processes = [self._running.pop(name) for name in names if name in self._running]
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for process in processes:
            try:
                process.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def be_a_child() -> None:
    """Take signals as usual, and get a SIGTERM should our parent be killed."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP | {signal.SIGCHLD})
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
