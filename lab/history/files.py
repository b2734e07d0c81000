"""Writes and reads the folder of a history."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lab.history.records import (
    Fault,
    Handed,
    History,
    Line,
    Notes,
    Presence,
    Promise,
    Received,
    Sent,
    Unnumbered,
    digest,
)
from messaging.message import LATEST
from starting.output import LogFiles

PRODUCER = "producer"  # the name of its files
NOTES, WITNESS, READS = "notes.json", "witness.jsonl", "reads.jsonl"

# What reading or judging raises when a file of the folder holds something else.
UNREADABLE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)

Reads = tuple[list[int], list[float]]  # how long a log was, and when it was seen so long


def log_files(folder: Path, name: str) -> LogFiles:
    """Where a process of a run writes its stdout (lines of JSON) and its stderr (text)."""
    return folder / f"{name}.jsonl", folder / f"{name}.txt"


def write_notes(folder: Path, notes: Notes) -> None:
    (folder / NOTES).write_text(json.dumps(asdict(notes), ensure_ascii=False) + "\n")


def write_lines(file: Path, records: Iterable[Any]) -> None:
    file.write_text("".join(json.dumps(one) + "\n" for one in records))


def read_history(folder: Path) -> History:
    """Read what a run has left in its folder.

    Raises one of UNREADABLE where a file is not as the lab writes it.
    """
    fields = json.loads((folder / NOTES).read_text())
    made = {
        "promise": Promise(**fields["promise"]),
        "faults": [Fault(**fault) for fault in fields["faults"]],
        "listeners": {name: Presence(**one) for name, one in fields["listeners"].items()},
    }
    notes = Notes(**fields | made)
    reads = read_reads(folder)
    received = {name: read_log(folder, name, reads.get(name)) for name in notes.listeners}
    sent, unnumbered = read_sent(folder)
    handed, lines = read_witness(folder)
    return History(notes, sent, received, unnumbered, handed, lines)


def read_sent(folder: Path) -> tuple[list[Sent], list[Unnumbered]]:
    """What the producer has logged so far: messages, and writes whose messages have no numbers."""
    sent: list[Sent] = []
    unnumbered: list[Unnumbered] = []
    for write in rows(folder / f"{PRODUCER}.jsonl"):
        if "outcome" not in write:
            continue
        times = write["written"], write["answered"]
        if write.get("from"):
            stamps = *times, write["outcome"], write["phase"]
            numbered = zip(write["digests"], write["meant"], strict=True)
            sent += [
                Sent(write["from"], seq, body, meant, *stamps)
                for seq, (body, meant) in enumerate(numbered, write["first"])
            ]
        else:
            unnumbered.append(Unnumbered(write["outcome"], write["digests"], *times))
    return sent, unnumbered


def read_witness(folder: Path) -> tuple[list[Handed], list[Line]]:
    """What the proxies saw; nothing if there were none."""
    found = list(rows(folder / WITNESS)) if (folder / WITNESS).exists() else []
    handed = sorted((Handed(*one) for kind, *one in found if kind == "handed"), key=_when)
    return handed, [Line(*one) for kind, *one in found if kind == "line"]


def _when(one: Handed) -> float:
    return one.at


def read_reads(folder: Path) -> dict[str, Reads]:
    """How long each log was, and when the lab saw it so long."""
    found: dict[str, Reads] = {}
    for at, name, size in rows(folder / READS):
        sizes, times = found.setdefault(name, ([], []))
        sizes.append(size)
        times.append(at)
    return found


def read_log(folder: Path, name: str, reads: Reads | None = None) -> list[Received]:
    """The messages that a listener has logged so far. Lines that are no JSON are skipped.

    A consumer of --listener may leave out the id, which then is made of `from` and `seq`.
    """
    messages, end = [], 0
    sizes, times = reads or ([], [])
    for line in (folder / f"{name}.jsonl").read_bytes().splitlines(keepends=True):
        end += len(line)
        if message := read_message(line):
            place = bisect_left(sizes, end)
            if place < len(times):
                message = message._replace(read=times[place])
            messages.append(message)
    return messages


def read_message(line: bytes) -> Received | None:
    """Return the message that a line of a listener tells of, if it tells of one."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or not ("body" in fields or "dead" in fields):
        return None
    sender, seq = fields.get("from"), fields.get("seq")
    id_ = fields.get("id") or (f"{sender}-{seq}" if sender else None)
    body, at = fields.get("body", fields.get("dead")), fields.get("received")
    at = float(at) if isinstance(at, (int, float)) and 0 <= at <= LATEST else 0.0
    return Received(str(id_) if id_ else None, digest(str(body)), at, is_dead="dead" in fields)


def rows(path: Path) -> Iterator[Any]:
    """The lines of a file of JSON lines."""
    return map(json.loads, path.read_bytes().splitlines())


class Tail:
    """Reads each whole line of a file that grows once."""

    def __init__(self, path: Path) -> None:
        self._path, self._at = path, 0

    def lines(self) -> list[bytes]:
        """The lines that are new since the last call."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._at)
            whole, end, _ = file.read().rpartition(b"\n")
        self._at += len(whole) + len(end)
        return whole.splitlines()
