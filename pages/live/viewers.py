"""Those who watch the page: a change is encoded once, and none of them is waited for."""

import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping

from pages.live.told import Change, Snapshot

FASTEST, SLOWEST = 0.1, 1.0  # seconds between two changes
EACH = 0.002  # seconds that each viewer adds to these
HEARTBEAT = 5  # seconds; also how soon it is noticed that a browser was closed
MAY_LAG = 20  # changes; whoever lags further behind gets a snapshot instead
COME_BACK = 1000  # milliseconds after which a browser connects again


class TooManyViewersError(Exception):
    """The limit is reached, and a sentence that says so."""


class Viewers:
    """All viewers of one web process.

    The hub's thread tells changes; each viewer's own greenlet or thread takes them. Whatever they
    share is read and changed while `_came` is held.
    """

    def __init__(self, limit: int) -> None:
        self.count = 0
        self._limit = limit
        self._number = 0  # of the last change
        self._changes: deque[bytes] = deque(maxlen=MAY_LAG)  # the last ones, encoded
        self._encoded: tuple[int, bytes] = (-1, b"")  # the snapshot after a change, by its number
        self._came = threading.Condition()
        self._closed = False

    def begin(self, snapshot: Snapshot) -> None:
        """Whoever comes before the first change begins with this."""
        self._snapshot = snapshot

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

    def tell(self, change: Change, snapshot: Snapshot) -> None:
        """Hand a change to all who watch; whoever comes later begins with the snapshot."""
        with self._came:
            self._number += 1
            self._snapshot = snapshot
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

    def watch(self) -> Iterator[bytes]:
        """The stream of one viewer: all there is, then what changes."""
        with self._came:
            seen, latest = self._number, self._latest()
        yield b"retry: %d\n\n" % COME_BACK + latest
        while True:
            with self._came:
                if not self._closed and self._number == seen:
                    self._came.wait(HEARTBEAT)
                behind, seen = self._number - seen, self._number
                if self._closed:
                    return
                if not behind:
                    said = b": still here\n\n"
                elif behind <= len(self._changes):
                    said = b"".join([*self._changes][-behind:])
                else:
                    said = self._latest()
            yield said

    def _latest(self) -> bytes:
        """The snapshot after the latest change, encoded once for all who come meanwhile."""
        if self._encoded[0] != self._number:
            self._encoded = (self._number, encode("snapshot", self._snapshot))
        return self._encoded[1]


def encode(event: str, data: Mapping[str, object]) -> bytes:
    """A server-sent event."""
    return f"event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
