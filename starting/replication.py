"""A primary and its replica, whose link can go silent, and what happens when the primary dies."""

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

from redis import Redis, RedisError

from starting.parts import RedisServer, own_redis
from starting.process import DEADLINE, NotStartedError, wait_until
from starting.proxy import Proxy
from starting.sentinel import SERVICE, SentinelServer

AT_ONCE = ("--repl-diskless-sync-delay", "0")  # or a primary waits 5 s for more replicas
DOWN_AFTER = 400  # milliseconds of silence after which Sentinels count a primary as down


class Replication:
    """A primary, a replica that follows it through a proxy, and Sentinels if there are to be any.

    Clients connect to `url`. With Sentinels it names these, and they promote the replica when the
    primary is gone. Without any it is one address that leads to the primary, and from `promote`
    on to the replica.
    """

    def __init__(self, folder: Path, *options: str, sentinels: int = 0, server: str = "") -> None:
        """Start all; return when a failover could begin. `options` are those of both servers.

        `server` is the path of their program; empty: one that is found.
        """
        self._folder, self._options, self._program = folder, options, server
        self.killed: float | None = None  # when the primary was, in seconds since the epoch
        self.promoted: float | None = None  # when the replica was seen to be a primary
        self.sentinels: list[SentinelServer] = []
        self._open = ExitStack()
        try:
            self.primary = self._start(folder / "primary", *options)
            # Only the connection that asks for the replication can go silent.
            self.link = Proxy(self.primary.port, mark=b"PSYNC")
            self._open.callback(self.link.close)
            follow = ("--replicaof", "127.0.0.1", str(self.link.port))  # 6.2 wants words apart
            self.replica = self._start(folder / "replica", *options, *follow)
            self._address = Proxy(self.primary.port)
            self._open.callback(self._address.close)
            self._must(self.is_linked, "The replica does not follow its primary.")
            self._start_sentinels(folder, sentinels)
        except BaseException:
            self.close()
            raise
        places = ",".join(f"127.0.0.1:{one.port}" for one in self.sentinels)
        self.url = f"redis+sentinel://{places}/{SERVICE}/5" if places else self._address.url

    def close(self) -> None:
        """End all that was started."""
        self._open.close()

    def is_linked(self) -> bool:
        """Whether the replica says that its link is up, as it does of a silent one for 60 s."""
        return self._of_replica("master_link_status") == "up"

    def silence_link(self) -> None:
        """Let no byte through any more: the primary goes on alone, and nobody notices.

        What it acknowledges from now on is lost with it.
        """
        self.link.go_silent()

    def restore_link(self) -> None:
        """Make the replica connect anew, and wait until it has all that the primary has."""
        self.link.cut()
        self._must(self.is_caught_up, "The replica does not catch up.")

    def is_caught_up(self) -> bool:
        """Whether the replica has all that the primary has, and no writes are between them."""
        with suppress(RedisError), Redis.from_url(self.primary.url) as primary:
            offset = primary.info("replication")["master_repl_offset"]
            return self.is_linked() and self._of_replica("slave_repl_offset") == offset
        return False

    def kill_primary(self) -> None:
        """Kill the primary with SIGKILL, as a crash would."""
        self.primary.kill()
        self.killed = time.time()

    def promote(self) -> float:
        """Promote the replica by hand, lead clients to it, and return when that was."""
        with Redis.from_url(self.replica.url) as replica:
            replica.replicaof("NO", "ONE")
        self._address.lead_to(self.replica.port)
        return self.wait_for_promotion()

    def add_replica(self) -> None:
        """Start a server that follows the promoted one, and wait until it does."""
        follow = ("--replicaof", "127.0.0.1", str(self.replica.port))
        new = self._start(self._folder / "new-replica", *self._options, *follow)
        with Redis.from_url(new.url) as redis:
            self._must(
                lambda: redis.info("replication").get("master_link_status") == "up",
                "The new replica does not follow.",
            )

    def wait_for_promotion(self, within: float = DEADLINE) -> float:
        """Wait until the replica is a primary and all Sentinels say so; return when that was.

        Raises TimeoutError.
        """
        if not wait_until(self._is_promoted, within):
            raise TimeoutError(f"no promotion within {within} s")
        self.promoted = self.promoted or time.time()
        return self.promoted

    def _is_promoted(self) -> bool:
        is_told = all(one.primary_port() == self.replica.port for one in self.sentinels)
        return is_told and self._of_replica("role") == "master"

    def _of_replica(self, field: str) -> object:
        with suppress(RedisError), Redis.from_url(self.replica.url) as replica:
            return replica.info("replication").get(field)
        return None

    def _start(self, folder: Path, *options: str) -> RedisServer:
        folder.mkdir(parents=True, exist_ok=True)
        server = own_redis(folder, *AT_ONCE, *options, server=self._program)
        self._open.callback(server.kill)
        return server

    def _start_sentinels(self, folder: Path, count: int) -> None:
        """More than half of them must agree, so one of one, or two of three."""
        for number in range(count):
            place = folder / f"sentinel-{number}"
            one = SentinelServer(place, self.primary.port, count // 2 + 1, DOWN_AFTER)
            self._open.callback(one.kill)
            self.sentinels.append(one)
        for one in self.sentinels:
            self._must(partial(one.is_ready, count - 1), "The Sentinels do not get ready.")

    @staticmethod
    def _must(condition: Callable[[], bool], sentence: str) -> None:
        if not wait_until(condition, DEADLINE):
            raise NotStartedError(sentence)


def waits(redis: Redis, within: int) -> int:
    """Return how many replicas have what this client wrote, after `within` ms at most (WAIT).

    WAIT is about the writes of one connection: the client must write and wait in one thread.
    """
    return int(redis.wait(1, within))
