"""The Redis of a run: what it keeps, who is connected to it, and the proxies before it."""

import shutil
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from redis import Redis, RedisError
from redis.exceptions import ResponseError

from messaging.message import Message
from messaging.reporting.reporter import RECORDS
from patterns.declaration.pattern import Pattern
from starting.parts import RedisServer, own_redis
from starting.proxy import Proxy

SAMPLED_EVERY = 0.1  # seconds
NOBODY = str(2**62)  # the id of a connection that never is


def lab_client(url: str, reply_within: float = 5.0) -> Redis:
    """A client of the lab's own, which sends only what it is told to: nothing about itself."""
    return Redis.from_url(url, socket_timeout=reply_within, driver_info=None, protocol=2)


def may_cut(url: str) -> bool:
    """Whether the user in this URL may list and kill connections, as the scenario «cut» does."""
    with lab_client(url) as redis, suppress(ResponseError):
        redis.client_kill_filter(_id=NOBODY)
        redis.client_list()
        return True
    return False


class Server:
    """A Redis of the run's own, or one that others use.

    A thread with a connection of its own appends samples to `lengths` and raises `memory`; the
    owner only reads them.
    """

    def __init__(
        self,
        pattern: Pattern,
        folder: Path,
        *options: str,
        theirs: str = "",
        server: str = "",
    ) -> None:
        self._pattern, self._folder, self._options, self._program = pattern, folder, options, server
        self._own = None if theirs else own_redis(folder, *options, server=server)
        self._port = self._own.port if self._own else 0
        self._proxies: list[Proxy] = []
        self._is_over = threading.Event()
        self.url = self._own.url if self._own else theirs
        self.redis = lab_client(self.url)
        self.lengths: list[tuple[float, int]] = []  # time, and unfinished messages
        self.memory = 0.0  # MiB, the most so far
        threading.Thread(target=self._sample, daemon=True).start()

    def kill(self) -> None:
        """Kill our own Redis with SIGKILL, as a crash would."""
        if self._own:
            self._own.kill()

    def restart(self) -> None:
        """Start it again, with the data that it kept on disk."""
        self._own = RedisServer(self._port, self._folder, *self._options, server=self._program)

    def proxy(self, commands: tuple[str, ...]) -> Proxy:
        """A proxy before Redis; connections that send the first of these commands can go silent."""
        self._proxies.append(Proxy(self._port, commands[0].encode()))
        return self._proxies[-1]

    def clients(self) -> dict[int, str]:
        """The ids of all clients by their ports."""
        return {int(one["addr"].rpartition(":")[2]): one["id"] for one in self.redis.client_list()}

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
            return self._pattern.store.unfinished(self.redis)
        return 1

    def remaining(self) -> dict[str, list[str]]:
        """The ids of unfinished messages, by listener or group; «all» stands for any listener."""
        waiting = self._pattern.store.unfinished_lines(self.redis).items()
        return {name: [str(Message.decode(line).id) for line in lines] for name, lines in waiting}

    def close(self, names: Iterable[str]) -> None:
        """End Redis and its data, or delete the keys of these consumers where others use it."""
        self._is_over.set()
        for proxy in self._proxies:
            proxy.close()
        if not self._own:
            self.redis.delete(RECORDS, *self._pattern.store.keys(self.redis, names))
        self.redis.close()
        self.kill()
        shutil.rmtree(self._folder / "appendonlydir", ignore_errors=True)
        (self._folder / "appendonly.aof").unlink(missing_ok=True)  # before Redis 7

    def _sample(self) -> None:
        with lab_client(self.url, 1) as redis:
            while not self._is_over.wait(SAMPLED_EVERY):
                with suppress(RedisError):
                    self.lengths.append((time.time(), self._pattern.store.unfinished(redis)))
                    used = redis.info("memory")["used_memory"] / 2**20
                    self.memory = max(self.memory, round(used, 1))
