"""The Redis of the demo: started if none answers, and again when it has ended."""

import contextlib
import socket
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from redis import RedisError

from messaging import connection
from messaging.sentinel_url import is_of_sentinels
from messaging.settings import REDIS_URL, address
from starting.children import Children
from starting.parts import find_server, server_command
from starting.process import NotStartedError, Popen, spawn

NAME = "redis"  # of the child
START_WITHIN = 20  # seconds
RESTART_AFTER = 2  # seconds after which one that ended starts again
WHERE = address(REDIS_URL)


class OwnRedis:
    """A Redis at REDIS_URL, if it is for us to start one there."""

    def __init__(self, children: Children, folder: Path, tell: Callable[[str], None]) -> None:
        self._children, self._folder, self._tell = children, folder, tell
        self._process: Popen | None = None

    @property
    def pid(self) -> int:
        """The number of its process; 0 when another Redis is used, or none runs."""
        is_there = self._process and NAME in self._children.running()
        return self._process.pid if self._process and is_there else 0

    def start(self) -> None:
        """Start it, unless one answers there; raises NotStartedError."""
        if redis_answers():
            self._tell(f"Redis is at {WHERE} already.")
            return
        if not is_for_us():
            raise NotStartedError(f"No Redis answers at {WHERE}, and it is not for us to start it.")
        port = urlsplit(REDIS_URL).port or 6379
        self._process = spawn(server_command(find_server(), port, str(self._folder)))
        self._children.add(NAME, self._process)
        if not self._children.wait_until(redis_answers, START_WITHIN, needs=NAME):
            log = self._folder / "redis.log"
            said = log.read_text().strip().splitlines()[-1:] if log.exists() else []
            raise NotStartedError(
                " ".join([f"The Redis that was started at {WHERE} failed.", *said])
            )
        self._tell(f"Redis started at {WHERE}; it keeps nothing when it stops.")

    def start_again(self) -> None:
        """Start it when nothing answers there any more; one of another demo leaves with that."""
        if not self.pid and may_start_redis():
            self._pause()
            self.start()

    def kill(self) -> int:
        """Kill the one that we have started, and start it again; return the old process' number."""
        pid = self.pid
        if self._process and pid:
            self._process.kill()
            self._children.wait_until(lambda: not self.pid, START_WITHIN, needs=NAME)
            self._pause()
            self.start()
        return pid

    def _pause(self) -> None:
        until = time.monotonic() + RESTART_AFTER
        while (left := until - time.monotonic()) > 0:
            self._children.wait(left)


def is_for_us() -> bool:
    """Whether we may start a Redis for REDIS_URL: one of this machine, without a password."""
    if is_of_sentinels(REDIS_URL):
        return False
    url = urlsplit(REDIS_URL)
    is_here = url.scheme == "redis" and url.hostname in ("localhost", "127.0.0.1", "::1")
    return is_here and not url.password


def may_start_redis() -> bool:
    """Whether nothing answers where we may start a Redis; one that refuses us is there."""
    with contextlib.suppress(NotStartedError):
        return is_for_us() and not redis_answers()
    return False


def redis_answers() -> bool:
    """Whether a Redis answers; raises NotStartedError when it answers but cannot be used."""
    try:
        return bool(connection.connect().ping())
    except RedisError as error:
        cause = error.__context__
        if isinstance(cause, OSError) and not isinstance(cause, socket.gaierror):
            return False
        raise NotStartedError(connection.explain(error)) from error
