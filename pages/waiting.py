"""What waits in each pattern's place: how many, how long the oldest does, and some of them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from redis import Redis

from messaging.connection import Client
from messaging.groups import lag
from messaging.message import MalformedLineError, Message
from messaging.report import SHOWN
from pages.patterns import Pattern

FEW = 4  # waiting messages that are shown

Waiting = dict[str, Any]


def look(redis: Redis, patterns: Mapping[str, Pattern]) -> dict[str, Waiting]:
    """What is there at one moment, in each place where something can rest; one round trip.

    Where something waits in a stream, a second one asks what.
    """
    places = {name: pattern for name, pattern in patterns.items() if pattern.shape in ASK}
    with redis.pipeline() as pipeline:
        for pattern in places.values():
            ASK[pattern.shape](pipeline, pattern)
        said = iter(pipeline.execute(raise_on_error=False))
    return {name: TELL[pattern.shape](redis, pattern, said) for name, pattern in places.items()}


def nothing(pattern: Pattern) -> Waiting | None:
    """The same before anybody looked; None where nothing ever rests."""
    if pattern.shape not in ASK:
        return None
    told = _told(0, None, "newest" if pattern.shape == "stack" else "oldest", [])
    if pattern.dead:
        told["dead_letters"] = 0
    return told | ({"kept": 0, "groups": 0} if pattern.shape == "log" else {})


def _ask_stack(pipeline: Client, pattern: Pattern) -> None:
    pipeline.llen(pattern.place)
    pipeline.lindex(pattern.place, -1)
    pipeline.lrange(pattern.place, 0, FEW - 1)


def _tell_stack(redis: Client, pattern: Pattern, said: Iterator[Any]) -> Waiting:
    length, oldest, newest = next(said), next(said), next(said)
    if isinstance(length, Exception):  # the key is of another type
        length, oldest, newest = 0, None, []
    return _told(length, oldest, "newest", newest)


def _ask_tank(pipeline: Client, pattern: Pattern) -> None:
    pipeline.llen(pattern.place)
    pipeline.lrange(pattern.place, -FEW, -1)
    pipeline.llen(pattern.dead)


def _tell_tank(redis: Client, pattern: Pattern, said: Iterator[Any]) -> Waiting:
    length, lines, dead = next(said), next(said), next(said)
    if isinstance(length, Exception):
        length, lines = 0, []
    told = _told(length, lines[-1] if lines else None, "oldest", lines[::-1])
    return told | {"dead_letters": _number(dead)}


def _ask_log(pipeline: Client, pattern: Pattern) -> None:
    pipeline.xlen(pattern.place)
    pipeline.xinfo_groups(pattern.place)
    pipeline.llen(pattern.dead)


def _tell_log(redis: Client, pattern: Pattern, said: Iterator[Any]) -> Waiting:
    kept, groups, dead = _number(next(said)), next(said), next(said)
    if isinstance(groups, Exception):  # there is no stream
        groups = []
    last, waits = b"", kept  # a group that is new begins with what is still there
    if groups:
        # The one that was given least; what all others wait for, it waits for as well.
        slowest = min(groups, key=lambda group: _order(group["last-delivered-id"]))
        last, waits = slowest["last-delivered-id"], lag(slowest, kept)
    lines: list[bytes] = []
    if waits:
        entries = redis.xrange(pattern.place, b"(" + last if last else "-", "+", FEW)
        lines = [fields.get(b"line", b"") for _, fields in entries]
    told = _told(waits, lines[0] if lines else None, "oldest", lines)
    return told | {"kept": kept, "groups": len(groups), "dead_letters": _number(dead)}


def _order(id_: bytes) -> tuple[int, ...]:
    return tuple(map(int, id_.split(b"-")))


def _number(said: Any) -> int:
    return said if isinstance(said, int) else 0  # the key is of another type


def _told(length: int, oldest: bytes | None, which: str, lines: Sequence[bytes]) -> Waiting:
    sent = _read(oldest).sent if oldest is not None else None
    return {
        "waiting": length,
        "oldest_s": None if sent is None else round(max(0, time.time() - sent), 1),
        which: [[message.id, message.body[:SHOWN]] for message in map(_read, lines)],
    }


def _read(line: bytes) -> Message:
    try:
        return Message.decode(line)
    except MalformedLineError:
        return Message("not UTF-8")


ASK: dict[str, Callable[[Client, Pattern], None]] = {
    "stack": _ask_stack,
    "tank": _ask_tank,
    "log": _ask_log,
}
TELL: dict[str, Callable[[Client, Pattern, Iterator[Any]], Waiting]] = {
    "stack": _tell_stack,
    "tank": _tell_tank,
    "log": _tell_log,
}
