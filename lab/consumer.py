"""The process of a consumer, and the log that it writes."""

import json
import os
import signal
from pathlib import Path

from lab.accounting import Received
from starting.output import LogFiles
from starting.process import Process

POISON = "poison"  # the body of the message that kills a fragile listener


class FailedRunError(Exception):
    """The run has no valid figures; the message says why."""


class Tail:
    """Counts the lines of a file that grows, and reads each part of it once."""

    def __init__(self, path: Path) -> None:
        self._path, self._read, self._lines = path, 0, 0

    def lines(self) -> int:
        if self._path.exists() and self._path.stat().st_size > self._read:
            with self._path.open("rb") as file:
                file.seek(self._read)
                chunk = file.read()
            self._read += len(chunk)
            self._lines += chunk.count(b"\n")
        return self._lines


def log_files(folder: Path, name: str) -> LogFiles:
    """Where a process of a run writes its stdout (lines of JSON) and its stderr (text)."""
    return folder / f"{name}.jsonl", folder / f"{name}.txt"


class Consumer(Process):
    """A listener of ours, or the command of --listener: a shell that may have children."""

    def is_ready(self) -> bool:
        """Whether it has said so, or has received something."""
        return "Listening to " in self.stderr.text() or self.stdout.has_any()

    def gets(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children."""
        if not self.has_ended():
            os.killpg(self.popen.pid, number)


def read_log(path: Path) -> list[Received]:
    """The messages in the order of the log. Lines that are no JSON are skipped.

    A consumer of --listener may leave out the id, which then is made of `from` and `seq`. A dead
    letter counts as received, without a time.
    """
    messages = []
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            fields = json.loads(line)
        except ValueError:
            continue
        if isinstance(fields, dict) and ("body" in fields or "dead" in fields):
            sender, seq = fields.get("from"), fields.get("seq")
            id_ = fields.get("id") or (f"{sender}-{seq}" if sender else None)
            messages.append(Received(id_, float(fields.get("received") or 0.0)))
    return messages
