"""Child processes of a program in a terminal: each may end by itself, and all end with it."""

import signal
import time
from collections.abc import Callable, Sequence

from starting.process import STOP, Environ, Popen, Stream, end, spawn

TICK = 0.05  # seconds between two checks of a condition


class StopAskedError(Exception):
    """Somebody asked us to stop, with Ctrl-C, SIGTERM or SIGHUP."""


class Children:
    """Starts processes, says which of them ended, and stops the rest.

    Signals are blocked, and only `wait` takes them, so they never interrupt another step.
    """

    def __init__(self, tell: Callable[[str], None] = lambda _: None) -> None:
        self._tell = tell  # prints one line
        self._running: dict[str, Popen] = {}
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP | {signal.SIGCHLD})

    def start(
        self,
        name: str,
        command: Sequence[str],
        stdout: Stream = None,
        stderr: Stream = None,
        environ: Environ | None = None,
    ) -> None:
        self._running[name] = spawn(command, environ, stdout, stderr)

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
        """Wait until the condition holds or child `needs` has ended; return whether it holds."""
        deadline = time.monotonic() + seconds
        while not (met := condition()) and time.monotonic() < deadline:
            if needs and needs not in self._running:
                break
            self.wait(TICK)
        return met

    def stop(self, *names: str) -> None:
        """Stop these children, and kill those that do not stop."""
        end(self._running.pop(name) for name in names if name in self._running)
