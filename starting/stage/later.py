"""Lets the main thread do what other threads find to be done."""

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue


def wake_main_thread() -> None:
    """End its wait for the end of a child."""
    if main := threading.main_thread().ident:
        signal.pthread_kill(main, signal.SIGCHLD)


class Later:
    """What is to be done; any thread calls `add`, the main thread the rest."""

    def __init__(self) -> None:
        self._steps: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def add(self, step: Callable[[], None]) -> None:
        self._steps.put(step)
        wake_main_thread()

    def next(self) -> Callable[[], None] | None:
        with suppress(Empty):
            return self._steps.get_nowait()
        return None
