"""The store of a pattern: it counts, shows and deletes what Redis keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from redis import Redis

from messaging.connection import raw

SHOWN = 4  # waiting lines to show


@dataclass(frozen=True)
class Waiting:
    """A snapshot of the messages that no listener has taken."""

    count: int = 0  # messages
    next: list[bytes] = field(default_factory=list)  # the lines that come next, at most SHOWN
    oldest: list[bytes] = field(default_factory=list)  # the oldest line, if there is one
    dead_letters: int = 0
    more: Mapping[str, int] = field(default_factory=dict)  # further counts of one pattern


NOTHING = Waiting()


class Store(Protocol):
    """Every method asks Redis when it is called, and raises RedisError."""

    nothing: Waiting  # what `look` returns if the key does not exist

    def look(self, redis: Redis) -> Waiting:
        """Return what waits; a key that does not exist is empty."""

    def length(self, redis: Redis) -> int:
        """Return how many messages count against QUEUE_LIMIT."""

    def unfinished(self, redis: Redis) -> int:
        """Return how many messages are not acknowledged, once for each listener or group."""

    def unfinished_lines(self, redis: Redis) -> dict[str, list[bytes]]:
        """Return their lines by listener or group; «all» stands for any listener."""

    def empty(self, redis: Redis) -> int:
        """Delete what waits and the dead letters; return how many messages that were.

        What a listener has taken and not acknowledged stays.
        """


class NothingKept:
    """The store of a channel, which keeps no message."""

    nothing = NOTHING

    def look(self, redis: Redis) -> Waiting:
        return Waiting()

    def length(self, redis: Redis) -> int:
        return 0

    def unfinished(self, redis: Redis) -> int:
        return 0

    def unfinished_lines(self, redis: Redis) -> dict[str, list[bytes]]:
        return {}

    def empty(self, redis: Redis) -> int:
        return 0


class ListStore:
    """The store of a list that is filled at its left end."""

    nothing = NOTHING

    def __init__(self, key: str, is_stack: bool = False) -> None:
        self._key, self._is_stack = key, is_stack

    def look(self, redis: Redis) -> Waiting:
        with redis.pipeline() as pipeline:
            pipeline.llen(self._key)
            pipeline.lindex(self._key, -1)
            pipeline.lrange(self._key, *((0, SHOWN - 1) if self._is_stack else (-SHOWN, -1)))
            count, oldest, lines = pipeline.execute()
        return Waiting(
            count,
            next=lines if self._is_stack else lines[::-1],
            oldest=[] if oldest is None else [oldest],
        )

    def length(self, redis: Redis) -> int:
        return redis.llen(self._key)

    def unfinished(self, redis: Redis) -> int:
        return redis.llen(self._key)

    def unfinished_lines(self, redis: Redis) -> dict[str, list[bytes]]:
        return {"all": [raw(line) for line in redis.lrange(self._key, 0, -1)]}

    def empty(self, redis: Redis) -> int:
        return delete(redis, self._key)


def delete(redis: Redis, *lists: str) -> int:
    """Delete these lists and return how many messages were in them."""
    with redis.pipeline() as pipeline:  # a transaction: it counts what it deletes
        for key in lists:
            pipeline.llen(key)
            pipeline.delete(key)
        return sum(pipeline.execute()[::2])
