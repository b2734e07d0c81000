"""What looks into Redis for a pattern: what waits there, what is unfinished, how to empty it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from redis import Redis

from messaging.connection import raw

SHOWN = 4  # waiting lines that are shown


@dataclass(frozen=True)
class Waiting:
    """What nobody has taken at one moment."""

    count: int = 0  # messages
    next: list[bytes] = field(default_factory=list)  # the lines that come next, at most SHOWN
    oldest: list[bytes] = field(default_factory=list)  # the oldest line, if there is one
    dead_letters: int = 0
    more: Mapping[str, int] = field(default_factory=dict)  # other counts of the pattern's own


NOTHING = Waiting()


class Store(Protocol):
    """Each method asks Redis at that moment, and raises RedisError."""

    nothing: Waiting  # what `look` gives of a place that does not exist

    def look(self, redis: Redis) -> Waiting:
        """What waits. A place that does not exist is empty."""

    def length(self, redis: Redis) -> int:
        """How many messages count against QUEUE_LIMIT."""

    def unfinished(self, redis: Redis) -> int:
        """How many messages wait or are in a listener's hand, once for each who is to get them."""

    def unfinished_lines(self, redis: Redis) -> dict[str, list[bytes]]:
        """Their lines, by the listener or group that is to get them; «all» where any may."""

    def empty(self, redis: Redis) -> int:
        """Throw away what waits and the dead letters; return how many messages that were.

        What a listener has in hand stays with it.
        """


class NothingKept:
    """The store of a channel, where nothing ever rests."""

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
    """A list, filled at its left end."""

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
    """Delete these lists; return how many messages were in them."""
    with redis.pipeline() as pipeline:  # in one step: what is counted is what is deleted
        for key in lists:
            pipeline.llen(key)
            pipeline.delete(key)
        return sum(pipeline.execute()[::2])
