"""The types of what /status returns and /events streams; static/live/wire.d.ts is made of them."""

from typing import Any, TypedDict

Preview = tuple[str | None, str]  # id (None where it has none) and beginning of the body


class Counts(TypedDict, total=False):
    """These are counted since the last reset, by one listener or by all."""

    received: int
    elsewhere: int
    earlier: int  # of those received, sent before the last reset
    malformed: int
    missed: int
    redelivered: int  # where the pattern redelivers, as `dead`
    dead: int
    delay_p50_ms: float | None  # of what was received in the last minute, as the next
    delay_p99_ms: float | None


class Card(Counts, total=False):
    """A card shows one listener."""

    id: str
    name: str
    host: str
    pid: int
    state: str  # waiting, working, frozen, refused, gone
    doing: str  # more about the state, as «on 7», «250/s», «4 s ago», or why Redis refuses
    rate: float  # messages/s that it received in the last two seconds
    last: str | None  # the body of its last message
    in_hand: list[Any] | None  # id and body


class Figures(Counts, total=False):
    """These are all figures of a pattern; some are there only where the pattern has them."""

    sent: int
    unknown: int
    deliveries: int  # where Redis answers how many listeners a message reached, as `unheard`
    unheard: int
    unreceived: int  # where nothing is redelivered: given to listeners and not received
    dead_letters: int  # where the pattern redelivers, as `aside`
    aside: list[Preview]  # the newest dead letters
    waiting: int  # where the pattern keeps messages, as `oldest_s` and one of the next two
    oldest_s: float | None
    newest: list[Preview]  # of a stack: the waiting messages that come next
    oldest: list[Preview]  # of a queue: the same
    kept: int  # messages in a stream; only a stream has this and `groups`
    groups: int
    listeners: list[Card]
    more: int  # how many listeners are not in `listeners`, which has at most CARDS
    there: int  # listeners that are not gone
    head: str  # of a sentence that says the same: how many were sent
    rest: str  # of it: what became of them


class Status(TypedDict):
    """A status is what is known of all patterns at one moment."""

    redis: str  # up, away
    why: str  # a sentence that says why Redis is away; empty while it is up
    refused: str  # a sentence that says why what this web process sends is not counted, or empty
    run_id: str  # of the Redis process, another one after each restart
    at: float  # seconds since the epoch
    zero: bool  # whether nothing was counted since the last reset
    stage: dict[str, Any] | None  # controls.wire.Stage: what obeys the page; None without a demo
    patterns: dict[str, Figures]


# A sample has `at`, in seconds since the epoch, and for each pattern, by its name, a list: sent/s,
# received/s, median delay and 99th percentile in ms, over one second.
Sample = dict[str, Any]


class Moves(TypedDict, total=False):
    """The newest moves of a pattern's messages are told one by one."""

    sent: list[tuple[str | None, str, int | None]]  # id, body, listeners reached
    taken: list[tuple[str | None, str, str]]  # id, body, the listener's id
    left: list[str]  # ids of listeners that stopped


class Snapshot(Status):
    """A snapshot has all that a page needs to begin."""

    history: list[Sample]


class Change(Status, total=False):
    """A change tells what differs since the last one; `patterns` has only patterns that differ."""

    moves: dict[str, Moves]
    sample: Sample
