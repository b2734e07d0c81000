"""Fan-out: each listener has a list of its own, and a Lua script pushes every message onto all.

The key of a list ends with its listener's --name, so a restarted listener finds its list again.
Each heartbeat keeps the list for another minute; without one Redis deletes it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from redis import Redis

from messaging.connection import as_bytes, as_texts
from messaging.settings import KEY_PREFIX
from patterns.declaration import facts
from patterns.declaration.facts import Fact, Facts
from patterns.declaration.pattern import Colours, Commands, Drawing, Hears, Order, Pattern, Words
from patterns.declaration.store import LINES_SHOWN, Backlog, Store, delete, lengths, lines
from patterns.machinery import lua_script

LISTENERS = f"{KEY_PREFIX}fanout:listeners"  # sorted set: their last heartbeats, in seconds
LISTS = f"{KEY_PREFIX}fanout:list:"  # list, with a listener's name added
KEPT_FOR = 60  # seconds that a list outlives its listener's last heartbeat

PUSH = lua_script("fanout_push")


def list_of(listener: str) -> str:
    return f"{LISTS}{listener}"


def register(redis: Redis, listener: str) -> None:
    """Record a heartbeat: the listener gets what is sent in the next KEPT_FOR seconds."""
    seconds, _ = redis.time()
    with redis.pipeline() as pipeline:
        pipeline.zadd(LISTENERS, {listener: seconds})
        pipeline.expire(list_of(listener), KEPT_FOR)
        pipeline.execute()


class FanoutStore(Store):
    def look(self, redis: Redis) -> Backlog:
        lists = self._lists(redis).values()
        waiting = dict(zip(lists, lengths(redis, lists), strict=True))
        longest = max(waiting, key=lambda key: waiting[key], default=LISTS)
        first = lines(redis, longest, LINES_SHOWN)
        return Backlog(sum(waiting.values()), first, first[0] if first else None)

    def length(self, redis: Redis) -> int:
        return max(lengths(redis, self._lists(redis).values()), default=0)

    def unfinished(self, redis: Redis, names: Iterable[str] = ()) -> int:
        return sum(lengths(redis, self._lists(redis).values()))

    def unfinished_lines(self, redis: Redis, names: Iterable[str] = ()) -> dict[str, list[bytes]]:
        return {name: lines(redis, key) for name, key in self._lists(redis).items()}

    def empty(self, redis: Redis) -> int:
        return delete(redis, *self._lists(redis).values())

    def keys(self, redis: Redis, names: Iterable[str]) -> list[str]:
        return [LISTENERS, *self._lists(redis).values(), *map(list_of, names)]

    def _lists(self, redis: Redis) -> dict[str, str]:
        """Return the keys of the lists, by the listener's name."""
        names: Any = redis.zrange(LISTENERS, 0, -1)
        return {name: list_of(name) for name in as_texts(names)}


def plain_listener(redis: Redis, name: str) -> Iterator[bytes]:
    while True:
        register(redis, name)
        if popped := redis.blpop([list_of(name)], 1):
            yield as_bytes(popped[1])


PATTERN = Pattern(
    name="fanout",
    script="fanout",
    words=Words(
        title="Fan-out",
        chinese="扇出模式",
        short="lists",
        noun="list",
        sent="pushed",
        promise="A message waits in a list of each listener that is there or was within the last "
        "minute; what a listener has in hand when it dies is gone for it.",
    ),
    colours=Colours("#6b5b00", "#f4efd6", "#d3bd4e", "#2d280f", terminal="38;5;100"),
    drawing=Drawing.TANK,
    commands=Commands(send=("EVAL",), take=("BLPOP",), beside=("TIME", "ZADD", "EXPIRE")),
    hears=Hears.EACH,
    kept_for=KEPT_FOR,
    redelivers=False,
    order=Order.OLDEST_FIRST,
    follows_gaps=True,
    place=f"{LISTS}*",
    store=FanoutStore(),
    facts=Facts(
        every=facts.EVERY,
        away=Fact(
            "What is sent while a listener is away waits for it, for a minute.",
            ("nobody", "deploy"),
            otherwise="Whoever is away for longer misses what was sent meanwhile.",
        ),
        hand=Fact("What a listener has in hand when it dies is gone for it.", ("killed",)),
        twice=facts.ONCE,
        order=Fact("Each listener takes the oldest message of its list first.", ("order-one",)),
        others=Fact("Whoever else registers a list has them too.", ("steady", "late")),
    ),
    plain_listener=plain_listener,
)
