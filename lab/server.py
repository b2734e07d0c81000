"""The Redis of a run: what it keeps, and who is connected to it."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from redis import Redis, RedisError
from redis.exceptions import ResponseError

from lab.job import Settings
from lab.systems import System
from messaging.message import Message

SAMPLED_EVERY = 0.1  # seconds
NOBODY = str(2**62)  # the id of a connection that never is


def lab_client(url: str, reply_within: float = 5.0) -> Redis:
    """A client of the lab's own, which sends only what it is told to: nothing about itself."""
    return Redis.from_url(url, socket_timeout=reply_within, driver_info=None, protocol=2)


def may_cut(url: str) -> bool:
    """Whether the user in this URL may list and kill connections, as the scenario «cut» does."""
    with lab_client(url) as redis, suppress(RedisError):
        redis.client_kill_filter(_id=NOBODY)
        redis.client_list()
        return True
    return False


class Server(ABC):
    """The Redis of a run. `url` is its address for clients, `redis` the lab's own client.

    A thread with a connection of its own appends samples to `lengths` and raises `memory`; the
    owner only reads them.
    """

    url: str

    def __init__(self, system: System, folder: Path, settings: Settings, *options: str) -> None:
        """Start it with these options, unless it is one that others use."""
        self._system, self._folder, self._settings = system, folder, settings
        self._options = options
        self._is_over = threading.Event()
        self._start()
        self.redis = lab_client(self.own_url)
        self.names: list[str] = []  # of consumers, of which Redis may not know
        self.lengths: list[tuple[float, int]] = []  # time, and unfinished messages
        self.memory = 0.0  # MiB, the most so far
        threading.Thread(target=self._sample, daemon=True).start()

    @staticmethod
    def why_not() -> str:
        """Why there can be none of this kind here, in a sentence; empty if there can."""
        return ""

    @property
    def own_url(self) -> str:
        """The address at which the lab itself asks."""
        return self.url

    @abstractmethod
    def _start(self) -> None:
        """Start it, and set `url`."""

    @abstractmethod
    def _end(self, names: Iterable[str]) -> None:
        """End it with its data, or delete the keys of these consumers where others use it."""

    def clients(self) -> dict[str, str]:
        """The ids of all clients by their addresses."""
        return {one["addr"]: one["id"] for one in self.redis.client_list()}

    def subscribers(self) -> set[tuple[str, str]] | None:
        """Return id and address of each subscriber's connection; None where nobody may ask."""
        try:
            return {(one["id"], one["addr"]) for one in self.redis.client_list(_type="pubsub")}
        except ResponseError:
            return None
        except RedisError:  # it is away
            return set()

    def unfinished(self) -> int:
        """How many messages are not acknowledged; 1 when Redis does not answer."""
        with suppress(RedisError):
            return self._system.store.unfinished(self.redis, self.names)
        return 1

    def remaining(self) -> dict[str, list[str]]:
        """The ids of unfinished messages, by listener or group; «all» stands for any listener."""
        waiting = self._system.store.unfinished_lines(self.redis, self.names).items()
        return {name: [str(Message.decode(line).id) for line in lines] for name, lines in waiting}

    def dead_letters(self) -> list[str]:
        """The ids of the messages that were put aside."""
        if not (key := self._system.dead_letters):
            return []
        return [str(Message.decode(bytes(one)).id) for one in self.redis.lrange(key, 0, -1)]  # type: ignore[arg-type]

    def close(self, names: Iterable[str]) -> None:
        self._is_over.set()
        self._end(names)
        self.redis.close()

    def _sample(self) -> None:
        while not self._is_over.wait(SAMPLED_EVERY):
            with suppress(RedisError), lab_client(self.own_url, 1) as redis:
                while not self._is_over.wait(SAMPLED_EVERY):
                    length = self._system.store.unfinished(redis, self.names)
                    self.lengths.append((time.time(), length))
                    used = redis.info("memory")["used_memory"] / 2**20
                    self.memory = max(self.memory, round(used, 1))
