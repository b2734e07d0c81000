"""How a listener is asked to stop: signals set a flag, which the loop looks at."""

import math
import os
import signal
import threading
import time
from collections.abc import Collection


class Stopping:
    """A flag that is set once, by any thread, and that remembers when."""

    def __init__(self) -> None:
        self._flag = threading.Event()
        self._since = math.inf

    def set(self) -> None:
        self._since = min(self._since, time.monotonic())
        self._flag.set()

    def is_set(self) -> bool:
        return self._flag.is_set()

    def is_set_for(self, seconds: float) -> bool:
        """Whether it was set at least so long ago."""
        return time.monotonic() >= self._since + seconds

    def wait(self, seconds: float) -> bool:
        """Wait until it is set, or for some seconds; return whether it is set."""
        return self._flag.wait(seconds)

    def set_by_signals(self) -> None:
        """Be set by SIGTERM, SIGHUP and Ctrl-C; a second Ctrl-C ends the process at once.

        A thread waits for the signals, so that they interrupt nothing: a handler that raises could
        do so when a message is already popped and nobody knows of it yet.
        """
        signals = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            signals.remove(signal.SIGHUP)  # nohup: whoever asked for it stays when they log out
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        threading.Thread(target=self._wait_for, args=(signals,), daemon=True).start()

    def _wait_for(self, signals: Collection[signal.Signals]) -> None:
        signal.sigwait(signals)
        self.set()
        while signal.sigwait(signals) != signal.SIGINT:
            pass
        os._exit(130)
