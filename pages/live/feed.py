"""The feed leads from the hub of a web process to its requests and to those who watch."""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping

from pages.live.wire import Change, Sample, Snapshot, Status

log = logging.getLogger("web")

FASTEST, SLOWEST = 0.1, 1.0  # seconds between two changes
EACH = 0.002  # seconds that each viewer adds to these
MAY_LAG = 20  # changes; a viewer that lags further behind gets a snapshot instead
COME_BACK = 1000  # milliseconds after which a browser whose stream broke connects again


class Feed:
    """The feed has the latest status, and for those who watch the changes that led there.

    The hub's thread calls `tell`, `interval` and `close`; each request's own greenlet or thread
    calls the rest. `_condition` guards all attributes, and is notified of every change.
    """

    def __init__(self, viewer_limit: int) -> None:
        self._condition = threading.Condition()
        self._viewer_limit = viewer_limit
        self._viewers = 0
        self._number = 0  # of the last change
        self._moves = 0  # changes in which messages moved
        self._reset_at = 0  # ms since the epoch: the last reset that the status includes
        self._status = Status(
            redis="away", why="", refused="", run_id="", at=0.0, zero=True, stage=None, patterns={}
        )
        self._history: list[Sample] = []
        self._changes: deque[bytes] = deque(maxlen=MAY_LAG)  # the last ones, encoded
        self._encoded: tuple[int, bytes] = (-1, b"")  # the snapshot, and after which change
        self._refusal = ""  # why this process' reports are refused
        self._closed = False

    def tell(self, change: Change, status: Status, history: list[Sample], reset_at: int) -> None:
        """Hand a change to all viewers; one that comes later begins with status and history."""
        with self._condition:
            self._number += 1
            self._status, self._history, self._reset_at = status, history, reset_at
            self._status["refused"] = change["refused"] = self._refusal
            self._moves += bool(change["moves"])
            if self._viewers:
                self._changes.append(encode("change", change))
            self._condition.notify_all()

    def refused(self, why: str) -> None:
        """Tell those who watch why Redis refuses the reports of this process; «»: it does not."""
        if why:
            log.warning("%s", why)
        with self._condition:
            self._refusal = why

    def close(self) -> None:
        """End all streams."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def status(self) -> Status:
        """Return the status of the last tick, with the time of now."""
        with self._condition:
            return {**self._status, "at": time.time()}

    @property
    def interval(self) -> float:
        """Return the seconds between two changes, which grow with the number of viewers."""
        with self._condition:
            return min(SLOWEST, max(FASTEST, self._viewers * EACH))

    def wait_for_moves(self, seconds: float) -> None:
        """Wait until messages are told to have moved, but at most so many seconds."""
        with self._condition:
            before = self._moves
            self._condition.wait_for(lambda: self._moves > before, seconds)

    def wait_for_reset(self, reset_at: int, seconds: float) -> bool:
        """Wait until the status includes the reset of that time; return whether it does."""
        with self._condition:
            return self._condition.wait_for(lambda: self._reset_at >= reset_at, seconds)

    def enter(self) -> bool:
        """Count a viewer in, unless the limit is reached; `leave` counts it out."""
        with self._condition:
            has_room = self._viewers < self._viewer_limit
            self._viewers += has_room
            return has_room

    def leave(self) -> None:
        with self._condition:
            self._viewers -= 1

    def watch(self) -> Iterator[bytes]:
        """Yield a snapshot, then each change; a viewer that lags too far gets a snapshot again."""
        with self._condition:
            seen, latest = self._number, self._latest()
        yield b"retry: %d\n\n" % COME_BACK + latest
        while True:
            with self._condition:
                while self._number == seen and not self._closed:
                    self._condition.wait()
                behind, seen = self._number - seen, self._number
                if self._closed:
                    return
                missed = [*self._changes][-behind:]
                chunk = b"".join(missed) if len(missed) == behind else self._latest()
            yield chunk

    def _latest(self) -> bytes:
        """Return a snapshot of now; it is encoded once for all who need it."""
        if self._encoded[0] != self._number:
            snapshot: Snapshot = {**self._status, "history": self._history}
            self._encoded = (self._number, encode("snapshot", snapshot))
        return self._encoded[1]


def encode(event: str, data: Mapping[str, object]) -> bytes:
    """Return the data as a server-sent event."""
    return f"event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
