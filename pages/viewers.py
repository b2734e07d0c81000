"""Those who watch the page: a change is encoded once, and none of them is waited for."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

FASTEST, SLOWEST = 0.1, 1.0  # seconds between two changes
EACH = 0.002  # seconds that each viewer adds to these
HEARTBEAT = 5  # seconds; also how soon it is noticed that a browser was closed
MAY_LAG = 20  # changes; whoever lags further behind gets a snapshot instead
COME_BACK = 1000  # milliseconds after which a browser connects again


class TooManyViewersError(Exception):
    """The limit is reached, and a sentence that says so."""


class Viewers:
    """All viewers of one web process."""

    def __init__(self, limit: int) -> None:
        self.count = 0
        self._limit = limit
        self._number = 0  # of the last change
        self._changes: deque[bytes] = deque(maxlen=MAY_LAG)
        self._snapshot: tuple[int, bytes] = (-1, b"")
        self._came = threading.Condition()
        self._closed = False

    @property
    def interval(self) -> float:
        """Seconds between two changes: more viewers, rarer changes."""
        return min(SLOWEST, max(FASTEST, self.count * EACH))

    def enter(self) -> None:
        """Take a seat; `leave` gives it back. Raises TooManyViewersError."""
        if self.count >= self._limit:
            raise TooManyViewersError(
                f"{self._limit:,} are watching through this web process, and that is the limit. "
                "The figures are also at /status."
            )
        self.count += 1

    def leave(self) -> None:
        self.count -= 1

    def tell(self, change: dict[str, Any]) -> None:
        """Hand a change to all who watch."""
        with self._came:
            self._number += 1
            if self.count:
                self._changes.append(encode("change", change))
            else:
                self._changes.clear()
            self._came.notify_all()

    def close(self) -> None:
        """End all streams."""
        with self._came:
            self._closed = True
            self._came.notify_all()

    def watch(self, snapshot: Callable[[], dict[str, Any]]) -> Iterator[bytes]:
        """The stream of one viewer: all there is, then what changes."""
        seen = self._number
        yield b"retry: %d\n\n" % COME_BACK + self._latest(snapshot)
        while True:
            with self._came:
                if not self._closed and self._number == seen:
                    self._came.wait(HEARTBEAT)
                behind, seen = self._number - seen, self._number
                changes = list(self._changes)
            if self._closed:
                return
            if not behind:
                yield b": still here\n\n"
            elif behind <= len(changes):
                yield b"".join(changes[-behind:])
            else:
                yield self._latest(snapshot)

    def _latest(self, snapshot: Callable[[], dict[str, Any]]) -> bytes:
        """The snapshot after the latest change, encoded once for all who come meanwhile."""
        if self._snapshot[0] != self._number:
            self._snapshot = (self._number, encode("snapshot", snapshot()))
        return self._snapshot[1]


def encode(event: str, data: dict[str, Any]) -> bytes:
    """A server-sent event."""
    return f"event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
