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

from messaging.settings import KEY_PREFIX
from patterns.declaration import facts
from patterns.declaration.facts import Fact, Facts
from patterns.declaration.pattern import Colours, Commands, Drawing, Hears, Order, Pattern, Words
from patterns.machinery.stream_store import StreamStore

STREAM = f"{KEY_PREFIX}stream:stream"  # stream; each entry has one field, «line»
DEAD_LETTERS = f"{KEY_PREFIX}stream:dead"  # list
GROUP = "listeners"  # the group of a listener that names no other

STORE = StreamStore(STREAM, DEAD_LETTERS)


def plain_listener(redis: Redis, name: str, group: str = GROUP) -> Iterator[bytes]:
    with suppress(ResponseError):  # the group exists
        redis.xgroup_create(STREAM, group, id="0", mkstream=True)
    while True:
        found: Any = redis.xreadgroup(group, name, {STREAM: ">"}, count=1, block=0)
        for _, entries in found:
            for id_, fields in entries:
                yield fields[b"line"]
                redis.xack(STREAM, group, id_)


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
    place=STREAM,
    dead_letters=DEAD_LETTERS,
    store=STORE,
    facts=Facts(
        every=facts.SHARED,
        away=facts.WAITS,
        hand=facts.DONE_FIRST,
        twice=facts.REPEATS,
        order=facts.OLDEST_FIRST,
        others=replace(FURTHER, proven_by="stream-each"),
    ),
    plain_listener=plain_listener,
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
    plain_listener=lambda redis, name: plain_listener(redis, name, group=name),
    facts=Facts(
        every=facts.EVERY,
        away=Fact("Each listener’s group keeps what came while it was away.", ("late", "deploy")),
        hand=Fact(
            "A message is kept until its work is done; a listener that died finds it again when "
            "it is back.",
            ("killed", "poison"),
        ),
        twice=replace(facts.REPEATS, scenarios=("restart-always",)),
        order=facts.OLDEST_FIRST,
        others=FURTHER,
    ),
)
PATTERN = replace(SHARED_GROUP, variants=(EACH,))
