"""The reliable queue: a consumer keeps each message in a list of its own until it acknowledges it.

Redis does not know which consumers live, so each one renews a lease. When a lease has expired,
another consumer takes over the messages in the dead one's list, one at a time.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

from redis import Redis

from messaging.connection import raw
from messaging.settings import KEY_PREFIX
from patterns.declaration import facts
from patterns.declaration.facts import Facts
from patterns.declaration.pattern import Colours, Commands, Drawing, Hears, Order, Pattern, Words
from patterns.declaration.store import Backlog, ListStore, delete
from patterns.machinery.lease import TRY_A_TAKEOVER

RELIABLE = f"{KEY_PREFIX}reliable:queue"  # list
TAKEN = f"{KEY_PREFIX}reliable:taken"  # list, with a consumer's name added: unacknowledged
HOLDERS = f"{KEY_PREFIX}reliable:holders"  # set: consumers that may have unacknowledged lines
LEASES = f"{KEY_PREFIX}reliable:present"  # string that expires, with a consumer's name added
# Hash: by consumer, how often consumers died with the line that it took over.
FAILURES = f"{KEY_PREFIX}reliable:failures"
DEAD_LETTERS = f"{KEY_PREFIX}reliable:dead"  # list


def taken_by(consumer: str) -> str:
    """Return the key of the list of lines that a consumer has not acknowledged."""
    return f"{TAKEN}:{consumer}"


class HeldStore(ListStore):
    """The store of the reliable queue: queue, consumers' lists, and dead letters."""

    def look(self, redis: Redis) -> Backlog:
        return replace(super().look(redis), dead_letters=redis.llen(DEAD_LETTERS))

    def empty(self, redis: Redis) -> int:
        return delete(redis, RELIABLE, DEAD_LETTERS)

    def lists(self, redis: Redis) -> list[str]:
        return [RELIABLE, *(taken_by(raw(holder).decode()) for holder in redis.smembers(HOLDERS))]


def plain(redis: Redis, name: str) -> Iterator[bytes]:
    mine = taken_by(name)
    while True:
        if (line := redis.blmove(RELIABLE, mine, 0, "RIGHT", "LEFT")) is not None:
            yield raw(line)
            redis.lrem(mine, 1, line)  # type: ignore[arg-type] # bytes are fine as well


PATTERN = Pattern(
    name="reliable",
    script="reliable",
    words=Words(
        title="Reliable queue",
        chinese="可靠队列",
        short="reliable queue",
        noun="queue",
        sent="pushed",
        promise="A message waits until one listener takes it, and is kept until that one is done; "
        "if it dies, another takes over, so a message may be handled twice.",
        try_it=TRY_A_TAKEOVER,
    ),
    colours=Colours("#00705a", "#e2f2ed", "#4fc3a1", "#0e2d26", terminal="38;5;29"),
    drawing=Drawing.TANK,
    commands=Commands(
        send=("LPUSH",),
        take=("BLMOVE",),
        acknowledge=("LREM",),
        beside=("SADD", "SET", "SMEMBERS", "MGET"),
    ),
    hears=Hears.ONE,
    kept_for=math.inf,
    redelivers=True,
    order=Order.OLDEST_FIRST,
    follows_gaps=False,  # another listener took what this one did not get
    place=RELIABLE,
    dead_letters=DEAD_LETTERS,
    store=HeldStore(RELIABLE),
    facts=Facts(
        every=facts.SHARED,
        away=facts.WAITS,
        hand=facts.DONE_FIRST,
        twice=facts.REPEATS,
        order=facts.OLDEST_FIRST,
        others=facts.TAKEN_ONCE,
    ),
    plain=plain,
)
