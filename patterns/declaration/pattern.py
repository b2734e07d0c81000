"""The declaration of a pattern: the module of each pattern makes one `Pattern`.

Its fields are independent of each other. Code that needs a fact reads the field that states it, and
concludes nothing from the pattern's name or from another field.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from redis import Redis

from patterns.declaration.facts import Facts
from patterns.declaration.store import Store


class Hears(Enum):
    """Which listeners get a message."""

    ONE = "one of the listeners"
    EACH = "each listener"
    ONE_OF_EACH_GROUP = "one listener of each group"


class Order(Enum):
    """Which message of a backlog comes first."""

    OLDEST_FIRST = "oldest first"
    NEWEST_FIRST = "newest first"


class Drawing(Enum):
    """The shape that the front page draws for where messages wait; live/place.css uses it."""

    STACK = "stack"  # taken from the end at which it is filled
    TANK = "tank"  # a queue: taken from the other end than it is filled
    LOG = "log"  # like TANK, but what is taken stays
    WAVE = "wave"  # nothing waits there


@dataclass(frozen=True)
class Colours:
    """The colours of a pattern, for CSS and for a terminal of 256 colours."""

    light: str
    light_wash: str  # the background of words in that colour
    dark: str
    dark_wash: str
    terminal: str  # as in 38;5;32


@dataclass(frozen=True)
class Words:
    """The texts that people read about a pattern."""

    title: str
    chinese: str
    short: str  # the title in a legend
    noun: str  # the kind of place: queue, channel
    sent: str  # what was done to messages: pushed, published, added
    promise: str  # one sentence: who gets a message, and when it is lost or comes twice


@dataclass(frozen=True)
class Commands:
    """The Redis commands of a pattern, for people; the lab's proxy looks for the first of each."""

    send: tuple[str, ...]
    take: tuple[str, ...]
    acknowledge: tuple[str, ...] = ()
    take_oldest: str = ""  # instead of `take`, where a listener is told --oldest-first; «»: never
    beside: tuple[str, ...] = ()  # about once a second: heartbeats, pings, searches


@dataclass(frozen=True)
class Pattern:
    """One way to deliver messages, with all that the project knows of it."""

    name: str
    script: str  # in listeners/, and its sending function in web.py; a variant shares both
    words: Words
    colours: Colours
    drawing: Drawing
    commands: Commands

    hears: Hears
    kept_for: float  # seconds that a message waits for a listener that is away; inf: no limit
    redelivers: bool  # whether a dead listener's messages are redelivered to another one
    order: Order
    follows_gaps: bool  # whether a gap in the numbers means that messages were missed

    place: str  # the key or channel that people are shown
    store: Store  # counts, shows and deletes what Redis keeps
    facts: Facts  # answers to the questions of /compare
    plain_listener: Callable[[Redis, str], Iterator[bytes]]  # as in a tutorial, by its name
    dead_letters: str = ""  # key of the list of dead letters; empty if there is none
    listener_options: Callable[[str], list[str]] = lambda name: []  # from the listener's name
    variants: tuple["Pattern", ...] = ()  # the same send, listened to in another way

    @property
    def keeps(self) -> bool:
        """Whether messages wait while nobody listens."""
        return self.kept_for > 0

    @property
    def keeps_forever(self) -> bool:
        """Whether a message waits however long its listener is away."""
        return math.isinf(self.kept_for)

    @property
    def everyone_hears(self) -> bool:
        """Whether every listener gets each message."""
        return self.hears is Hears.EACH

    @property
    def terminal_colour(self) -> str:
        return self.colours.terminal
