"""Child processes of a program in a terminal: each may end by itself, and all end with it."""

import signal
from collections.abc import Callable

from starting.process import STOP, Popen, end, wait_until


class StopAskedError(Exception):
    """Somebody asked us to stop, with Ctrl-C, SIGTERM or SIGHUP."""


class Children:
    """Tells which of these processes ended, and stops the rest.

    Signals are blocked, and only `wait` takes them, so they never interrupt another step.
    """

    def __init__(self, tell: Callable[[str], None] = lambda _: None) -> None:
        self._tell = tell  # prints one line
        self._running: dict[str, Popen] = {}
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP | {signal.SIGCHLD})

    def add(self, name: str, process: Popen) -> None:
        self._running[name] = process

    def running(self) -> set[str]:
        return set(self._running)

    def wait(self, seconds: float = 3600) -> None:
        """Wait until a child ended, at most for so long; raises StopAskedError."""
        caught = signal.sigtimedwait(STOP | {signal.SIGCHLD}, seconds)
        if caught and caught.si_signo in STOP:
            raise StopAskedError
        for name, process in list(self._running.items()):
            if (code := process.poll()) is not None:
                del self._running[name]
                how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
                self._tell(f"{name} ended: {how}. The rest goes on.")

    def wait_until(self, condition: Callable[[], bool], within: float, needs: str) -> bool:
        """Wait until the condition holds or child `needs` has ended; return whether it holds."""
        return wait_until(condition, within, lambda: needs not in self._running, self.wait)

    def stop(self, *names: str) -> None:
        """Stop these children, and kill those that do not stop."""
        end(self._running.pop(name) for name in names if name in self._running)
        signal.sigtimedwait({signal.SIGCHLD}, 0)  # so that `wait` does not return for their ends
