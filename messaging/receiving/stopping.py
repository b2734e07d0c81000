"""The stop flag of a listener, which signals set and `receive` checks."""

import math
import os
import signal
import threading
import time
from collections.abc import Collection


class Stopping(threading.Event):
    """A flag that any thread can set, and that remembers when it was set first."""

    def __init__(self) -> None:
        super().__init__()
        self._since = math.inf

    def set(self) -> None:
        self._since = min(self._since, time.monotonic())
        super().set()

    def is_set_for(self, seconds: float) -> bool:
        """Return whether it was set at least so many seconds ago."""
        return time.monotonic() >= self._since + seconds

    def set_by_signals(self) -> None:
        """Let SIGTERM, SIGHUP and Ctrl-C set it; a second Ctrl-C ends the process at once.

        A thread waits for the signals, because a signal handler that raises could lose a message
        that was just popped.
        """
        signals = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            signals.remove(signal.SIGHUP)  # started with nohup, it must survive the logout
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        threading.Thread(target=self._wait_for, args=(signals,), daemon=True).start()

    def _wait_for(self, signals: Collection[signal.Signals]) -> None:
        signal.sigwait(signals)
        self.set()
        while signal.sigwait(signals) != signal.SIGINT:
            pass
        os._exit(130)
