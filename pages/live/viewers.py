"""A change is encoded once for all viewers, and a slow viewer does not delay the others."""

import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping

from pages.live.wire import Change, Snapshot

FASTEST, SLOWEST = 0.1, 1.0  # seconds between two changes
EACH = 0.002  # seconds that each viewer adds to these
HEARTBEAT = 5  # seconds without a change until a comment is sent, which finds closed browsers
MAY_LAG = 20  # changes; a viewer that lags further behind gets a snapshot instead
COME_BACK = 1000  # milliseconds after which a browser whose stream broke connects again


class TooManyViewersError(Exception):
    """The limit is reached; the message is a sentence that says so."""


class Viewers:
    """The viewers of one web process wait here for changes.

    The hub's thread calls `tell`; each viewer's own greenlet or thread runs `watch`. `_came` guards
    all that they share, except `count`.
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
        """Set the snapshot for viewers that come before the first change."""
        self._snapshot = snapshot

    @property
    def interval(self) -> float:
        """Return the seconds between two changes, which grow with the number of viewers."""
        return min(SLOWEST, max(FASTEST, self.count * EACH))

    def enter(self) -> None:
        """Count a viewer in; `leave` counts it out. Raises TooManyViewersError."""
        if self.count >= self._limit:
            raise TooManyViewersError(
                f"{self._limit:,} are watching through this web process, and that is the limit. "
                "The figures are also at /status."
            )
        self.count += 1

    def leave(self) -> None:
        self.count -= 1

    def tell(self, change: Change, snapshot: Snapshot) -> None:
        """Hand a change to all viewers; a viewer that comes later begins with the snapshot."""
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
        """Yield a snapshot, then each change; a viewer that lags too far gets a snapshot again."""
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
        """Return the latest snapshot; it is encoded once for all who need it."""
        if self._encoded[0] != self._number:
            self._encoded = (self._number, encode("snapshot", self._snapshot))
        return self._encoded[1]


def encode(event: str, data: Mapping[str, object]) -> bytes:
    """Return the data as a server-sent event."""
    return f"event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
