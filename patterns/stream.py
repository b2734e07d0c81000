"""The stream: a log that delivers every message to one consumer of each group.

A message is pending until its group acknowledges it. Redis knows for how long it has been pending,
which serves as the lease of its consumer. A message that every group has acknowledged is removed.
"""

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from patterns.facts import DONE_FIRST, EVERY, OLDEST_FIRST, REPEATS, SHARED, WAITS, Fact, Facts
from patterns.groups import DEAD, GROUP, STREAM, groups, lag, lines_by_id
from patterns.lease import TRY_A_TAKEOVER
from patterns.lua import source
from patterns.pattern import Colours, Commands, Drawing, Hears, Order, Pattern, Words
from patterns.store import SHOWN, Waiting, delete

MOST_PENDING = 10**6  # pending entries that one command may return

EMPTY = source("stream_empty")


class StreamStore:
    """The store of the stream: the stream, its groups, and the dead letters."""

    nothing = Waiting(more={"kept": 0, "groups": 0})

    def look(self, redis: Redis) -> Waiting:
        kept, there = redis.xlen(STREAM), groups(redis)
        after, count = b"", kept  # a new group would begin with all that is there
        if there:
            # The slowest group waits for all that any other group waits for.
            slowest = min(there, key=lambda group: _order(group["last-delivered-id"]))
            after, count = slowest["last-delivered-id"], lag(slowest, kept)
        lines = _lines(redis, b"(" + after if after else b"-", SHOWN) if count else []
        more = {"kept": kept, "groups": len(there)}
        return Waiting(count, lines, lines[:1], redis.llen(DEAD), more)

    def length(self, redis: Redis) -> int:
        return redis.xlen(STREAM)

    def unfinished(self, redis: Redis) -> int:
        kept, there = redis.xlen(STREAM), groups(redis)
        return sum(int(one["pending"]) + lag(one, kept) for one in there) if there else kept

    def unfinished_lines(self, redis: Redis) -> dict[str, list[bytes]]:
        there = groups(redis)
        found: dict[str, list[bytes]] = {} if there else {"all": _lines(redis, b"-")}
        for group in there:
            name = group["name"].decode()
            found[name] = _lines(redis, b"(" + group["last-delivered-id"])
            in_hand: Any = redis.xpending_range(STREAM, name, "-", "+", MOST_PENDING)
            for entry in in_hand:
                found[name] += _lines(redis, entry["message_id"], 1)
        return found

    def empty(self, redis: Redis) -> int:
        return int(redis.eval(EMPTY, 1, STREAM)) + delete(redis, DEAD)


def _order(id_: bytes) -> tuple[int, ...]:
    return tuple(map(int, id_.split(b"-")))


def _lines(redis: Redis, first: bytes, count: int | None = None) -> list[bytes]:
    """Return the lines of entries from the id `first` on."""
    return list(lines_by_id(redis.xrange(STREAM, first, "+", count)).values())


def plain(redis: Redis, name: str, group: str = GROUP) -> Iterator[bytes]:
    with suppress(ResponseError):  # the group exists
        redis.xgroup_create(STREAM, group, id="0", mkstream=True)
    while True:
        found: Any = redis.xreadgroup(group, name, {STREAM: ">"}, count=1, block=0)
        for _, entries in found:
            for id_, fields in entries:
                yield fields[b"line"]
                redis.xack(STREAM, group, id_)


def plain_each(redis: Redis, name: str) -> Iterator[bytes]:
    return plain(redis, name, group=name)


FURTHER = Fact(
    "A further group has them all too, from when it is there; it begins with what is still in "
    "the stream.",
    ("steady", "late"),
)

SHARED_GROUP = Pattern(
    name="stream",
    script="stream",
    words=Words(
        title="Stream",
        chinese="消息流",
        short="stream",
        noun="stream",
        sent="added",
        promise="A message is kept until one listener of each group has done it; "
        "if a listener dies, another of its group takes over, so it may be handled twice.",
        who="one listener of each group",
        nobody_there="it waits, for each group that exists",
        dies="it is redelivered to another listener of the group",
        order="oldest first",
        try_it=TRY_A_TAKEOVER,
    ),
    colours=Colours("#6b4aa8", "#efeaf8", "#b79df0", "#281f42", terminal="38;5;97"),
    drawing=Drawing.LOG,
    commands=Commands(
        send=("XADD", "XLEN"),
        take=("XREADGROUP",),
        acknowledge=("XACK", "EVAL"),
        beside=("XPENDING", "XCLAIM", "XAUTOCLAIM", "EVAL"),
    ),
    hears=Hears.ONE_OF_EACH_GROUP,
    kept_for=math.inf,
    redelivers=True,
    order=Order.OLDEST_FIRST,
    follows_gaps=False,  # another listener of the group took what this one did not get
    is_bounded=True,
    place=STREAM,
    dead_letters=DEAD,
    store=StreamStore(),
    facts=Facts(
        every=SHARED,
        away=WAITS,
        hand=DONE_FIRST,
        twice=REPEATS,
        order=OLDEST_FIRST,
        others=replace(FURTHER, proven_by="stream-each"),
    ),
    plain=plain,
)
EACH = replace(
    SHARED_GROUP,
    name="stream-each",
    words=replace(
        SHARED_GROUP.words,
        title="Stream, a group each",
        promise="A message is kept until every listener has done it, also those that are away.",
    ),
    hears=Hears.EACH,
    listener_options=lambda listener: ["--group", listener],
    plain=plain_each,
    facts=Facts(
        every=EVERY,
        away=Fact("Each listener’s group keeps what came while it was away.", ("late", "deploy")),
        hand=Fact(
            "A message is kept until its work is done; a listener that died finds it again when "
            "it is back.",
            ("killed", "poison"),
        ),
        twice=replace(REPEATS, scenarios=("restart-always",)),
        order=OLDEST_FIRST,
        others=FURTHER,
    ),
)
PATTERN = replace(SHARED_GROUP, variants=(EACH,))
