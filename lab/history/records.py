"""The records of a history: messages sent, received and handed over, listeners, and faults."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

ACKNOWLEDGED, UNKNOWN, REFUSED = "acknowledged", "unknown", "refused"  # outcomes of a write
OLDEST_FIRST, NEWEST_FIRST, NO_ORDER = "oldest first", "newest first", "none"
MAIN = "main"  # the phase in which load and faults are; probes come before it
BACKLOG_UNTIL = "backlog_until"  # in the evidence of a fault: when its targets were started again
FORGETS_FROM = "forgets_from"  # from when on Redis has forgotten what it did
SENDER = "sender"  # stands for the producer, or the web server that sends for it


def digest(body: str) -> str:
    """What a history keeps of a body: bodies are random, so nobody guesses one."""
    return blake2b(body.encode(errors="replace"), digest_size=8).hexdigest()


class Sent(NamedTuple):
    """A message that may have reached Redis."""

    sender: str
    seq: int
    digest: str  # of its body
    meant: float  # when it was due
    written: float  # when its write began
    answered: float  # when Redis had replied, or the write had failed
    outcome: str  # acknowledged; unknown: the reply was lost
    phase: str = MAIN

    @property
    def id(self) -> str:
        return f"{self.sender}-{self.seq}"


class Unnumbered(NamedTuple):
    """A write whose messages have no known numbers, because nothing was sent or nobody knows."""

    outcome: str  # refused or unknown
    digests: Sequence[str]
    written: float  # when it began
    answered: float  # when it had failed


class Received(NamedTuple):
    """A message that a listener told of; its id is None when its line has none."""

    id: str | None
    digest: str
    at: float  # when the listener had it, by its own word; 0: it did not say
    read: float = math.inf  # when its line was there, as the lab saw
    is_dead: bool = False  # it was put aside, and not handled


class Handed(NamedTuple):
    """A message in a reply of Redis, as the proxy of its listener saw it."""

    to: str  # the listener
    line: int  # the connection, numbered for the whole run
    turn: int  # replies with the same number answer one request, or came unasked
    id: str | None
    asked: float  # before that request was forwarded
    at: float  # before the reply was forwarded
    passed: bool = True  # false: the proxy kept it back
    released: float = math.inf  # when the listener asked for further messages, done with this one


class Line(NamedTuple):
    """A connection of a listener, or of the sender, as its proxy saw it."""

    to: str
    number: int
    opened: float
    closed: float = math.inf


@dataclass(frozen=True)
class Promise:
    """What a system promises. A run's history has it, so it can be judged without the system."""

    everyone_hears: bool  # each listener is to receive each message; else one of them
    keeps: bool  # messages wait while nobody is there
    redelivers: bool  # what a dead listener had in hand is handed over again
    order: str = OLDEST_FIRST  # of a backlog: which one comes first
    tries: int = 0  # of a message that kills, by each who hears it; 0: it is tried once
    back_within: float = 10.0  # seconds after a fault in which its survivors receive again


@dataclass(frozen=True)
class Presence:
    """A listener of a run."""

    since: float  # from when on it is owed what is sent: it had received a message by then
    work: float = 0.0  # seconds that it works on each message before it tells of it


@dataclass(frozen=True)
class Fault:
    """Something that was done to a run, with the evidence that it happened."""

    kind: str
    at: float
    until: float  # when it was over, and all that it took away were seen to be back
    happened: float = 0.0  # when the evidence of it was there; 0: it has no other moment than `at`
    targets: Sequence[str] = ()  # the listeners whose hands it may empty, or the sender
    is_away: bool = False  # they are not connected meanwhile
    stops_sender: bool = False  # while it lasts, sends may be refused or unknown
    empties_hands: bool = False  # what they have in hand may be lost
    spares_open_lines: bool = False  # only hands whose connection ended with it are emptied
    needs_hands: bool = False  # it says nothing unless a target has a message in hand
    # From when on Redis has forgotten what it did; 0: all of it, infinite: nothing.
    forgets_from: float = math.inf
    keeps_sends: bool = False  # it has forgotten that messages were taken, not that they were sent
    absence: str = "while away"  # where messages were lost, in the words of the table
    where: str = "in hand"
    evidence: Mapping[str, Any] = field(default_factory=dict)
    missing: Sequence[str] = ()  # sentences on evidence that was not there

    @property
    def forgets(self) -> bool:
        """Whether Redis has forgotten something."""
        return not math.isinf(self.forgets_from)

    def answered_is_kept(self, answered: float) -> bool:
        """Whether Redis has not forgotten a message that it acknowledged then."""
        return self.keeps_sends or answered < self.forgets_from

    def unsent(self, cut: Iterable["Line"]) -> int:
        """How many messages Redis may have taken out for connections that ended before the reply.

        That is one for each listener. Who stops in order waits for the reply.
        """
        return len({line.to for line in cut}) if self.empties_hands else 0

    @property
    def struck(self) -> float:
        """The last moment at which a target could have taken a message before it was hit."""
        return self.happened or self.at


@dataclass
class Notes:
    """What a run notes beside the lines of its producer, its listeners and its proxies."""

    promise: Promise
    client: str = "ours"  # or plain, which promises nothing
    redis: str = ""  # what Redis said it is, as «Valkey 9.1.2»; empty where nobody may ask
    listeners: dict[str, Presence] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    planned: int = 0  # messages that were to be sent
    poisons: list[str] = field(default_factory=list)  # digests of the bodies that kill
    remaining: dict[str, list[str]] = field(default_factory=dict)  # ids that Redis kept at the end
    dead_letters: list[str] = field(default_factory=list)  # ids that Redis kept aside at the end
    is_watched: bool = False  # whether proxies stood between the listeners and Redis
    ended: str = "drained"  # or deadline
    tells_order: bool = False  # whether the order of a backlog belongs to the words
    tells_return: bool = False  # whether it does when sender and listeners were back
    is_busy: bool = False  # whether listeners still worked when the time was over
    lag: float = 0.0  # seconds that the lab itself once had to wait for a processor
    stops: dict[str, list[int]] = field(default_factory=dict)  # exit codes, by listener
    breaches: list[str] = field(default_factory=list)  # sentences on what was seen to be wrong
    findings: list[str] = field(default_factory=list)  # words for the cell
    figures: dict[str, float] = field(default_factory=dict)  # that are no counts or delays
    lengths: list[tuple[float, int]] = field(default_factory=list)  # time, unfinished messages


@dataclass(frozen=True)
class History:
    notes: Notes
    sent: list[Sent]
    received: Mapping[str, Sequence[Received]]  # by listener, in the order of its log
    unnumbered: Sequence[Unnumbered] = ()
    handed: Sequence[Handed] = ()  # in the order of time
    lines: Sequence[Line] = ()

    @property
    def promise(self) -> Promise:
        return self.notes.promise

    def count(self, outcome: str) -> int:
        """Return how many messages without a number had this outcome."""
        return sum(len(one.digests) for one in self.unnumbered if one.outcome == outcome)
