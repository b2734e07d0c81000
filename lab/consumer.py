"""The consumers of a run, and what their logs tell."""

import json
import os
import signal
from pathlib import Path

from lab.accounting import Received
from starting.output import LogFiles
from starting.process import Process

POISON = "poison"  # the body of a message that kills


class FailedRunError(Exception):
    """The run could not be made, and a sentence why: its figures would mean nothing."""


class Tail:
    """How many lines a file has that others write."""

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
    """Where a part of a run writes its lines of JSON, and its words for people."""
    return folder / f"{name}.jsonl", folder / f"{name}.txt"


class Consumer(Process):
    """One of our listeners, or what the reader named, which may be a shell and its children."""

    def is_ready(self) -> bool:
        """It said so, or has received something."""
        return "Listening to " in self.stderr.text() or self.stdout.has_any()

    def gets(self, number: signal.Signals) -> None:
        if not self.has_ended():
            os.killpg(self.popen.pid, number)


def read_log(path: Path) -> list[Received]:
    """The messages in the order of the log; a torn last line is none.

    A consumer of the reader's own may leave out what we can tell: the id is from-seq. A message
    that was put aside as a dead letter was received, if not done; no time is told for it.
    """
    messages = []
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict) and ("body" in told or "dead" in told):
            sender, seq = told.get("from"), told.get("seq")
            id_ = told.get("id") or (f"{sender}-{seq}" if sender else None)
            messages.append(Received(id_, float(told.get("received") or 0.0)))
    return messages
