"""The history of a run: what its folder holds, and all that the checker reads.

job.json has the `Job`, producer.jsonl a line for each write, the .jsonl file of each listener one
for each message that it received, and notes.json the `Notes`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

from patterns import COMPARED
from patterns.declaration.pattern import Pattern
from starting.output import LogFiles

ACKNOWLEDGED, UNKNOWN, REFUSED = "acknowledged", "unknown", "refused"  # outcomes of a write
PRODUCER = "producer"  # the name of its files
NOTES = "notes.json"


@dataclass(frozen=True)
class Settings:
    """What a run is to do, as the command line says."""

    seed: int = 1
    quick: bool = False
    client: str = "ours"  # or plain
    listener: str = ""  # the command of a consumer to measure instead of ours
    url: str = ""  # of a Redis that others use; empty: each run starts its own
    server: str = ""  # the path of the program that each run starts; empty: one that is found
    through_web: bool = False  # send over HTTP
    rate: float = 0.0  # messages/s in the scenario steady; 0: its default
    kills: int = 0  # how many listeners the scenario killed kills; 0: its default


@dataclass(frozen=True)
class Job:
    """One run of one scenario over one pattern with one client."""

    scenario: str
    pattern: str
    settings: Settings = Settings()
    number: int = 1  # of the repetition

    @property
    def name(self) -> str:
        return f"{self.scenario}-{self.pattern}-{self.settings.client}-{self.number}"


class FailedRunError(Exception):
    """The run has no history that could be judged; the message says why."""


class Sent(NamedTuple):
    """A message that may have reached Redis; times are in seconds since the epoch."""

    sender: str
    seq: int
    meant: float  # when it was due
    written: float  # when its write began
    answered: float  # when Redis had replied, or the write had failed
    outcome: str  # acknowledged; unknown: the reply was lost

    @property
    def id(self) -> str:
        return f"{self.sender}-{self.seq}"


class Unnumbered(NamedTuple):
    """A write whose messages have no known numbers, because nothing was sent or nobody knows."""

    outcome: str  # refused or unknown
    messages: int
    written: float  # when it began, in seconds since the epoch
    answered: float  # when it had failed


class Received(NamedTuple):
    """A message that a listener logged; its id is None when the log has none."""

    id: str | None
    at: float  # seconds since the epoch; 0 when the log has no time
    is_dead: bool = False  # it was put aside, and not handled


@dataclass(frozen=True)
class Fault:
    """Something that a scenario did to a run, and what it may cost.

    If the pattern keeps nothing for absent listeners, each listener in `away` may miss one unbroken
    run of messages that begins near `at` and ends before `until`. `lost` is for patterns that keep
    messages and do not redeliver, `repeated` for those that redeliver.
    """

    at: float  # seconds since the epoch
    away: Sequence[str] = ()  # the listeners that it took away
    until: float = 0.0  # when all that it took away was seen to be back
    stops_sender: bool = False  # while it lasts, sends may be refused or unknown
    absence: str = "while away"  # in the words of the table
    lost: int = 0  # messages at most
    where: str = "in hand"  # where these are lost
    repeated: int = 0  # messages at most
    forgotten: bool = False  # Redis lost all that it kept


@dataclass
class Notes:
    """What a run notes beside the lines of its producer and its listeners."""

    pattern: str
    redis: str = ""  # what Redis said it is, as «Valkey 9.1.2»; empty where nobody may ask
    since: dict[str, float] = field(default_factory=dict)  # all listeners, and since when ready
    faults: list[Fault] = field(default_factory=list)
    planned: int = 0  # messages that the producer was told to send
    poisons: int = 0  # of these, those that kill
    remaining: dict[str, list[str]] = field(default_factory=dict)  # ids that Redis kept at the end
    # When a backlog began and ended whose order is asked for; 0: none.
    backlog_since: float = 0.0
    backlog_until: float = 0.0
    ended: str = "drained"  # or deadline
    is_busy: bool = False  # whether listeners still worked when the time was over
    findings: list[str] = field(default_factory=list)  # words for the cell
    breaches: list[str] = field(default_factory=list)  # sentences on what was wrong
    invalid: list[str] = field(default_factory=list)  # sentences on why nothing was measured
    figures: dict[str, float] = field(default_factory=dict)  # that are no counts or delays
    lengths: list[tuple[float, int]] = field(default_factory=list)  # time, unfinished messages

    def write(self, folder: Path) -> None:
        (folder / NOTES).write_text(json.dumps(asdict(self), ensure_ascii=False) + "\n")


@dataclass(frozen=True)
class History:
    notes: Notes
    sent: list[Sent]
    received: Mapping[str, Sequence[Received]]  # by listener, in the order of its log
    unnumbered: Sequence[Unnumbered] = ()

    def count(self, outcome: str) -> int:
        """Return how many messages without a number had this outcome."""
        return sum(one.messages for one in self.unnumbered if one.outcome == outcome)

    @property
    def pattern(self) -> Pattern:
        return COMPARED[self.notes.pattern]


def read_history(folder: Path) -> History:
    """Read what a run has left in its folder."""
    fields = json.loads((folder / NOTES).read_text())
    notes = Notes(**fields | {"faults": [Fault(**fault) for fault in fields["faults"]]})
    received = {name: read_log(folder, name) for name in notes.since}
    sent, unnumbered = read_sent(folder)
    return History(notes, sent, received, unnumbered)


def read_sent(folder: Path) -> tuple[list[Sent], list[Unnumbered]]:
    """What the producer has logged so far: messages, and writes whose messages have no numbers."""
    sent: list[Sent] = []
    unnumbered: list[Unnumbered] = []
    for write in map(json.loads, (folder / f"{PRODUCER}.jsonl").read_bytes().splitlines()):
        if write.get("from"):
            stamps = write["written"], write["answered"], write["outcome"]
            numbered = enumerate(write["meant"], write["first"])
            sent += [Sent(write["from"], seq, meant, *stamps) for seq, meant in numbered]
        elif "outcome" in write:
            times = write["written"], write["answered"]
            unnumbered.append(Unnumbered(write["outcome"], len(write["meant"]), *times))
    return sent, unnumbered


def read_log(folder: Path, name: str) -> list[Received]:
    """The messages that a listener has logged so far. Lines that are no JSON are skipped.

    A consumer of --listener may leave out the id, which then is made of `from` and `seq`. A dead
    letter counts as received, without a time.
    """
    lines = (folder / f"{name}.jsonl").read_bytes().splitlines()
    return [message for line in lines if (message := read_message(line))]


def read_message(line: bytes) -> Received | None:
    """Return the message that a line of a listener tells of, if it tells of one."""
    try:
        fields = json.loads(line)
    except ValueError:
        return None
    if not isinstance(fields, dict) or not ("body" in fields or "dead" in fields):
        return None
    sender, seq = fields.get("from"), fields.get("seq")
    id_ = fields.get("id") or (f"{sender}-{seq}" if sender else None)
    return Received(id_, float(fields.get("received") or 0.0), "dead" in fields)


class MessageCounter:
    """Counts the messages in a log that grows, and reads each line once."""

    def __init__(self, path: Path) -> None:
        self._path, self._at, self._count = path, 0, 0

    def count(self) -> int:
        with self._path.open("rb") as log:
            log.seek(self._at)
            whole, end, _ = log.read().rpartition(b"\n")
        self._at += len(whole) + len(end)
        self._count += sum(read_message(line) is not None for line in whole.splitlines())
        return self._count


def log_files(folder: Path, name: str) -> LogFiles:
    """Where a process of a run writes its stdout (lines of JSON) and its stderr (text)."""
    return folder / f"{name}.jsonl", folder / f"{name}.txt"
