"""What has to be declared of a pattern: each module in patterns/ makes one `Pattern`.

Its parts are independent of each other. Whoever needs to know something of a pattern reads the part
that says it, and concludes nothing from its name or from another part.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from redis import Redis

from patterns.facts import Facts
from patterns.store import Store


class Hears(Enum):
    """Which of the listeners get a message."""

    ONE = "one of the listeners"
    EACH = "each listener"
    ONE_OF_EACH_GROUP = "one listener of each group"


class Order(Enum):
    """Which message of a backlog comes first."""

    OLDEST_FIRST = "oldest first"
    NEWEST_FIRST = "newest first"


class Drawing(Enum):
    """What the front page draws for the place where messages wait; live/place.css has each."""

    STACK = "stack"  # taken from the end at which it is filled
    TANK = "tank"  # a queue: taken from the other end
    LOG = "log"  # the same, and what is taken is kept
    WAVE = "wave"  # nothing rests there


@dataclass(frozen=True)
class Colours:
    """Of all that is drawn of a pattern: as CSS writes it, and as a terminal of 256 colours."""

    light: str
    light_wash: str  # behind words in that colour
    dark: str
    dark_wash: str
    terminal: str  # as in 38;5;32


@dataclass(frozen=True)
class Words:
    """What people read of a pattern."""

    title: str
    chinese: str
    short: str  # the title in a legend
    noun: str  # what the place is
    sent: str  # what became of messages that were handed to it: pushed, added
    promise: str  # one sentence: who gets a message, and when it is lost or comes twice
    who: str  # who gets a message
    nobody_there: str  # what becomes of a message then
    dies: str  # what becomes of the message that a listener has in hand when it dies
    order: str  # in which messages come
    try_it: str = ""  # an experiment, with one command in it: {listener} starts a listener


@dataclass(frozen=True)
class Commands:
    """The Redis commands of a pattern, for people; the first is what a proxy sees on the wire."""

    send: tuple[str, ...]
    take: tuple[str, ...]
    acknowledge: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()  # each second or so, to show that it lives and to look for others


def no_options(listener: str) -> list[str]:
    """A listener needs no options to listen as the pattern says."""
    return []


@dataclass(frozen=True)
class Pattern:
    """A way of handing messages over."""

    name: str
    script: str  # the name of its sending function in web.py and of its script in listeners/
    words: Words
    colours: Colours
    drawing: Drawing
    commands: Commands

    hears: Hears
    kept_for: (
        float  # seconds that a message waits for a listener that is away; inf: as long as it is
    )
    redelivers: bool  # whether what a dead listener had in hand goes to another one
    order: Order
    follows_gaps: bool  # whether a listener knows by their numbers which messages it missed
    is_bounded: bool  # whether QUEUE_LIMIT bounds what waits

    place: str  # the key or channel
    dead_letters: str  # the list of messages that listeners died of; empty where there is none
    store: Store  # what looks into Redis
    facts: Facts  # answers to «which one do I take?»
    plain: Callable[[Redis, str], Iterator[bytes]]  # a listener of that name as a tutorial has it
    listener_options: Callable[[str], list[str]] = no_options  # by the listener's name
    variants: tuple["Pattern", ...] = ()  # the same send, listened to in another way

    @property
    def keeps(self) -> bool:
        """Whether messages wait while nobody takes them."""
        return self.kept_for > 0

    @property
    def keeps_all(self) -> bool:
        """Whether a message waits however long its listener is away."""
        return math.isinf(self.kept_for)

    @property
    def everyone_hears(self) -> bool:
        """Whether a message that is sent once is received by each listener."""
        return self.hears is Hears.EACH

    @property
    def terminal_colour(self) -> str:
        return self.colours.terminal
