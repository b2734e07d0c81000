"""The reliable queue: a consumer keeps each message in a list of its own until it acknowledges it.

Redis does not know which consumers live, so each one renews a lease. When a lease has expired,
another consumer takes over the messages in the dead one's list, one at a time.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from redis import Redis

from messaging.connection import as_bytes, as_number, as_texts
from messaging.settings import KEY_PREFIX
from patterns.declaration import facts
from patterns.declaration.facts import Facts
from patterns.declaration.pattern import Colours, Commands, Drawing, Hears, Order, Pattern, Words
from patterns.declaration.store import Backlog, ListStore, delete, look_aside
from patterns.machinery import lease, lua_script

RELIABLE = f"{KEY_PREFIX}reliable:queue"  # list
TAKEN = f"{KEY_PREFIX}reliable:taken"  # list, with a consumer's name added: unacknowledged
HOLDERS = f"{KEY_PREFIX}reliable:holders"  # set: consumers that may have unacknowledged lines
LEASES = f"{KEY_PREFIX}reliable:present"  # string that expires, with a consumer's name added
# Hash: by consumer, how often consumers died with the line that it took over.
DEATHS = f"{KEY_PREFIX}reliable:failures"
DEAD_LETTERS = f"{KEY_PREFIX}reliable:dead"  # list

TAKE_OVER = lua_script("reliable_take_over")
FINISH = lua_script("reliable_finish")


def taken_by(consumer: str) -> str:
    """Return the key of the list of lines that a consumer has not acknowledged."""
    return f"{TAKEN}:{consumer}"


class HeldStore(ListStore):
    """The store of the reliable queue: queue, consumers' lists, and dead letters."""

    def look(self, redis: Redis) -> Backlog:
        dead_letters, aside = look_aside(redis, DEAD_LETTERS)
        return replace(super().look(redis), dead_letters=dead_letters, aside=aside)

    def empty(self, redis: Redis) -> int:
        return delete(redis, RELIABLE, DEAD_LETTERS)

    def keys(self, redis: Redis, names: Iterable[str]) -> list[str]:
        holders = {*names, *as_texts(redis.smembers(HOLDERS))}  # a plain consumer is no holder
        own = [key for one in holders for key in (taken_by(one), f"{LEASES}:{one}")]
        return [RELIABLE, HOLDERS, DEATHS, DEAD_LETTERS, *own]

    def lists(self, redis: Redis, names: Iterable[str] = ()) -> list[str]:
        return [RELIABLE, *map(taken_by, {*names, *as_texts(redis.smembers(HOLDERS))})]


def renew_lease(redis: Redis, consumer: str) -> None:
    milliseconds = int(lease.LEASE * 1000)
    if redis.pexpire(f"{LEASES}:{consumer}", milliseconds):  # which a full Redis still allows
        return
    with redis.pipeline() as pipeline:
        pipeline.sadd(HOLDERS, consumer)
        pipeline.set(f"{LEASES}:{consumer}", 1, px=milliseconds)
        pipeline.execute()


def give_up_lease(redis: Redis, consumer: str) -> None:
    """Delete the lease of a consumer that leaves with nothing unacknowledged."""
    redis.srem(HOLDERS, consumer)
    redis.delete(f"{LEASES}:{consumer}")


def without_lease(redis: Redis) -> list[str]:
    """Return the consumers whose lease has expired and that may have unacknowledged lines."""
    holders = as_texts(redis.smembers(HOLDERS))
    leases = redis.mget([f"{LEASES}:{holder}" for holder in holders]) if holders else []
    return [holder for holder, found in zip(holders, leases, strict=True) if found is None]


def take_one_over(redis: Redis, dead: str, consumer: str) -> bool:
    """Move a dead consumer's oldest line to this one's list; return whether there was one."""
    keys = (f"{LEASES}:{dead}", taken_by(dead), taken_by(consumer), DEATHS, HOLDERS)
    return redis.eval(TAKE_OVER, len(keys), *keys, dead, consumer) is not None


def deaths(redis: Redis, consumer: str) -> int:
    """Return how often consumers died with the line that this one took over; 0 if none."""
    return as_number(redis.hget(DEATHS, consumer))


def finish(redis: Redis, consumer: str, line: bytes, is_dead_letter: bool = False) -> bool:
    """Acknowledge a line that was taken over, or move it to the dead letters.

    Returns false for a dead letter that another consumer has taken over from this one: a process
    may have been frozen right before.
    """
    keys = (taken_by(consumer), DEATHS, DEAD_LETTERS)
    return bool(redis.eval(FINISH, len(keys), *keys, consumer, line, int(is_dead_letter)))


def plain_listener(redis: Redis, name: str) -> Iterator[bytes]:
    mine = taken_by(name)
    while (line := redis.blmove(RELIABLE, mine, 0, "RIGHT", "LEFT")) is not None:
        yield as_bytes(line)
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
    ),
    colours=Colours("#00705a", "#e2f2ed", "#4fc3a1", "#0e2d26", terminal="38;5;29"),
    drawing=Drawing.TANK,
    commands=Commands(
        send=("LPUSH",),
        take=("BLMOVE",),
        acknowledge=("LREM",),
        beside=("PEXPIRE", "SADD", "SET", "SMEMBERS", "MGET", "LRANGE"),
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
    plain_listener=plain_listener,
)
