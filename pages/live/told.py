"""The types of what the live page is told: by /status as JSON, and on /events."""

from typing import Any, TypedDict

Shown = tuple[str | None, str]  # id and body of a message, as far as both are known


class Card(TypedDict, total=False):
    """One listener; its counts are those since the figures were last zeroed."""

    id: str
    name: str
    host: str
    pid: int
    state: str  # waiting, working, gone
    doing: str  # what else is to be said of the state
    received: int
    elsewhere: int
    malformed: int
    missed: int
    redelivered: int  # where the pattern redelivers, as `dead`
    dead: int
    rate: float  # messages/s that it received in the last two seconds
    delay_p50_ms: float | None
    delay_p99_ms: float | None
    last: str | None  # the body of its last message
    in_hand: list[Any] | None  # id and body


class Figures(TypedDict, total=False):
    """All figures of a pattern; some stand only where they make sense for the pattern."""

    sent: int
    unknown: int
    received: int
    elsewhere: int
    malformed: int
    missed: int
    deliveries: int  # where Redis answers how many listeners a message reached, as `unheard`
    unheard: int
    redelivered: int  # where the pattern redelivers, as `dead` and `dead_letters`
    dead: int
    dead_letters: int
    waiting: int  # where the pattern keeps messages, as `oldest_s` and one of the next two
    oldest_s: float | None
    newest: list[Shown]  # the waiting messages that come next, of a stack
    oldest: list[Shown]  # the same, of a queue
    kept: int  # of a stream, as `groups`
    groups: int
    delay_p50_ms: float | None
    delay_p99_ms: float | None
    listeners: list[Card]
    more: int  # listeners beyond those
    there: int  # listeners that are not gone
    head: str  # of a sentence that says the same: how many were sent
    rest: str  # of it: what became of them


class Status(TypedDict):
    """What is known of all patterns at one moment."""

    redis: str  # up, away
    why: str  # Redis is away; empty when it is not
    run_id: str  # of the Redis process, another one after each restart
    at: float  # seconds since the epoch
    zero: bool  # whether nothing was counted since the figures were zeroed
    patterns: dict[str, Figures]


# Of a pattern in one second: sent/s, received/s, median delay and 99th percentile in ms.
Point = list[float | None]
Sample = dict[str, Any]  # `at`, in seconds since the epoch, and a Point for each pattern by name
Moves = dict[str, list[Any]]  # `sent`, `taken`: messages; `left`: ids of listeners


class Snapshot(Status):
    """What a page needs to begin."""

    history: list[Sample]


class Change(Status, total=False):
    """What has changed since the last change: `patterns` has only those that did."""

    moves: dict[str, Moves]
    sample: Sample
