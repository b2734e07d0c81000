"""The store of a pattern: it counts, shows and deletes what Redis keeps."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from redis import Redis

from messaging.connection import as_bytes
from patterns.machinery import lua_script

LINES_SHOWN = 4  # of a backlog

DELETE = lua_script("lists_delete")


@dataclass(frozen=True)
class Backlog:
    """A snapshot of the messages that no listener has taken."""

    count: int = 0  # messages
    next: list[bytes] = field(default_factory=list)  # the first lines, at most LINES_SHOWN
    oldest: bytes | None = None  # the oldest line, if there is one
    dead_letters: int = 0
    aside: list[bytes] = field(default_factory=list)  # the newest of them, at most LINES_SHOWN
    more: Mapping[str, int] = field(default_factory=dict)  # further counts of one pattern

    def size(self) -> int:
        """Return how many bytes the lines have that it shows."""
        return sum(map(len, [*self.next, *self.aside, self.oldest or b""]))


class Store(ABC):
    """The store of a pattern; every method asks Redis when it is called, and raises RedisError."""

    nothing = Backlog()  # what `look` returns if the key does not exist

    @abstractmethod
    def look(self, redis: Redis) -> Backlog:
        """Return what waits; a key that does not exist is empty."""

    @abstractmethod
    def length(self, redis: Redis) -> int:
        """Return how many messages count against QUEUE_LIMIT."""

    @abstractmethod
    def unfinished(self, redis: Redis, names: Iterable[str] = ()) -> int:
        """Return how many messages are not acknowledged, once for each listener or group.

        `names` are consumers that Redis may not list.
        """

    @abstractmethod
    def unfinished_lines(self, redis: Redis, names: Iterable[str] = ()) -> dict[str, list[bytes]]:
        """Return their lines by listener or group; «all» stands for any listener."""

    @abstractmethod
    def empty(self, redis: Redis) -> int:
        """Delete what waits and the dead letters; return how many messages that were.

        What a listener has taken and not acknowledged stays.
        """

    @abstractmethod
    def keys(self, redis: Redis, names: Iterable[str]) -> list[str]:
        """Return every key that the pattern may have now, also those of consumers so named."""


class ListStore(Store):
    """The store of a list that is filled at its left end."""

    def __init__(self, key: str, is_stack: bool = False) -> None:
        self._key, self._is_stack = key, is_stack

    def look(self, redis: Redis) -> Backlog:
        first, last = (0, LINES_SHOWN - 1) if self._is_stack else (-LINES_SHOWN, -1)
        with redis.pipeline(transaction=False) as pipeline:  # a full Redis refuses MULTI
            pipeline.llen(self._key)
            pipeline.lrange(self._key, first, last)
            pipeline.lindex(self._key, -1)
            count, shown, oldest = pipeline.execute()
        return Backlog(count, shown if self._is_stack else shown[::-1], oldest)

    def length(self, redis: Redis) -> int:
        return redis.llen(self._key)

    def unfinished(self, redis: Redis, names: Iterable[str] = ()) -> int:
        return sum(lengths(redis, self.lists(redis, names)))

    def unfinished_lines(self, redis: Redis, names: Iterable[str] = ()) -> dict[str, list[bytes]]:
        return {"all": [line for key in self.lists(redis, names) for line in lines(redis, key)]}

    def empty(self, redis: Redis) -> int:
        return delete(redis, self._key)

    def keys(self, redis: Redis, names: Iterable[str]) -> list[str]:
        return [self._key]

    def lists(self, redis: Redis, names: Iterable[str] = ()) -> list[str]:
        """Return the keys of all lists that may have unfinished messages."""
        return [self._key]


def lines(redis: Redis, key: str, count: int = 0) -> list[bytes]:
    """Return the lines of a list from its left end, all unless there is a count."""
    return [as_bytes(line) for line in redis.lrange(key, 0, count - 1)]


def lengths(redis: Redis, lists: Iterable[str]) -> list[int]:
    with redis.pipeline(transaction=False) as pipeline:
        for key in lists:
            pipeline.llen(key)
        return list(pipeline.execute())


def look_aside(redis: Redis, dead_letters: str) -> tuple[int, list[bytes]]:
    """Return how many dead letters this list has, and the newest of them."""
    with redis.pipeline(transaction=False) as pipeline:  # a full Redis refuses MULTI
        pipeline.llen(dead_letters)
        pipeline.lrange(dead_letters, 0, LINES_SHOWN - 1)
        count, newest = pipeline.execute()
    return count, newest


def delete(redis: Redis, *lists: str) -> int:
    """Delete these lists and return how many messages were in them."""
    return int(redis.eval(DELETE, len(lists), *lists))
