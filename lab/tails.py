"""What the producer and the listeners of a run have written so far, read while they write it."""

import json
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from lab.history.files import PRODUCER, Tail, read_message
from lab.history.records import ACKNOWLEDGED

READ_EVERY = 0.01  # seconds


class Told:
    """The messages that one listener has told of so far."""

    def __init__(self, folder: Path, name: str) -> None:
        self._tail = Tail(folder / f"{name}.jsonl")
        self.ids: list[str | None] = []

    def count(self) -> int:
        """How many, with repeats."""
        found = map(read_message, self._tail.lines())
        self.ids += [one.id for one in found if one]
        return len(self.ids)


class Written:
    """What the producer has written so far."""

    def __init__(self, folder: Path) -> None:
        self._tail = Tail(folder / f"{PRODUCER}.jsonl")
        self._times: dict[str, float] = {}  # when each message was written, by its id
        self.acknowledged = 0  # messages
        self.latest = 0.0  # when the last write began
        self.begun, self.done = -1, -1  # the last load, by its number
        self.lasted = 0.0  # seconds until the last load was told to stop

    def read(self) -> "Written":
        for line in map(json.loads, self._tail.lines()):
            self.begun = line.get("begun", self.begun)
            self.done = line.get("done", self.done)
            self.lasted = line.get("lasted", self.lasted)
            if line.get("outcome") == ACKNOWLEDGED:
                self.acknowledged += len(line["meant"])
            self.latest = line.get("written", self.latest)
            if line.get("from"):
                numbers = range(line["first"], line["first"] + len(line["meant"]))
                self._times |= {f"{line['from']}-{n}": line["written"] for n in numbers}
        return self

    def any_after(self, moment: float, ids: Iterable[str | None]) -> bool:
        """Whether one of these messages is ours and was written after that moment."""
        self.read()
        return any(self._times.get(id_ or "", 0.0) > moment for id_ in ids)


class Reads:
    """A thread that notes how long each log is, so that it is known when a line was there.

    It also notes for how long it had to wait for its turn, which says how busy the machine is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sizes: dict[str, int] = {}  # by name of a listener
        self._is_over, self._lock = threading.Event(), threading.Lock()
        self.rows: list[tuple[float, str, int]] = []
        self.lag = 0.0  # seconds
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def add(self, name: str) -> None:
        self._sizes.setdefault(name, 0)

    def close(self) -> None:
        self._is_over.set()
        self._thread.join()

    def end(self) -> Iterator[tuple[float, str, int]]:
        """Look once more, and yield time, name and size of all that was seen."""
        self.close()
        self.look()
        yield from self.rows

    def _run(self) -> None:
        due = time.monotonic()
        while not self._is_over.is_set():
            self.look()
            due += READ_EVERY
            self._is_over.wait(max(0, due - time.monotonic()))
            self.lag = max(self.lag, time.monotonic() - due)
            due = max(due, time.monotonic())

    def look(self) -> None:
        with self._lock:
            for name, before in [*self._sizes.items()]:
                path = self._folder / f"{name}.jsonl"
                if path.exists() and (size := path.stat().st_size) != before:
                    self._sizes[name] = size
                    self.rows.append((time.time(), name, size))
