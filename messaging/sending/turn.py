"""A fair lock: threads get it in the order in which they asked for it."""

import threading
from collections import deque


class Turn:
    """A fair lock, because the thread that releases a plain lock often takes it again.

    Under 40 clients a click would then wait for 300 ms instead of 20.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._line: deque[threading.Lock] = deque()  # of the thread that has it, and of those next

    def take(self, seconds: float) -> bool:
        """Join the back of the line; return whether the turn came within so many seconds."""
        mine = threading.Lock()
        with self._mutex:
            self._line.append(mine)
            if self._line[0] is not mine:
                mine.acquire()  # until `give` releases it
        if mine.acquire(timeout=seconds):
            return True
        with self._mutex:
            if self._line[0] is mine:
                return True  # `give` came between the timeout and the mutex
            self._line.remove(mine)
        return False

    def give(self) -> None:
        with self._mutex:
            self._line.popleft()
            if self._line:
                self._line[0].release()
