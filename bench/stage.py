"""The processes of one measurement, on a Redis of their own, all gone when it is over."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from redis import Redis

from patterns import FIRST_TWO
from starting.ports import free_port
from tests.parts import RedisServer, Web
from tests.processes import Process, eventually

# What the user has set for the real project must not reach what is measured.
OURS = ("HOST", "PORT", "QUEUE_LIMIT", "TRUSTED_HOSTS", "LOG_LEVEL", "VIEWER_LIMIT", "LIVE")

P = TypeVar("P", bound=Process)


class Stage:
    """Starts the parts of the project and ends them, in the opposite order."""

    def __init__(self, *redis_options: str) -> None:
        for name in OURS:
            os.environ.pop(name, None)
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        self.folder = Path(self._folder.name)
        self._started: list[Process] = []
        self.server = self.add(RedisServer(free_port(), self.folder, *redis_options))
        self.redis = Redis.from_url(self.server.url)

    def add(self, process: P) -> P:
        self._started.append(process)
        return process

    def web(self, **environ: str) -> Web:
        """Two processes, both of which are there to serve."""
        web = self.add(Web(REDIS_URL=self.server.url, WEB_CONCURRENCY="2", **environ))
        eventually(lambda: web.text.count("Booting worker") == 2)
        return web

    def listeners(self, each: int) -> None:
        """So many of each pattern; what they received is not looked at."""
        for pattern in FIRST_TWO:
            for _ in range(each):
                self.add(quiet_listener(pattern, REDIS_URL=self.server.url))

    def run(self, module: str, *arguments: object) -> Process:
        """A module of bench as a process."""
        return self.add(Process([sys.executable, "-m", f"bench.{module}", *map(str, arguments)]))

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._started):
            process.kill()
        self.redis.close()
        self._folder.cleanup()


def quiet_listener(pattern: str, file: str = os.devnull, **environ: str | None) -> Process:
    """A listener whose lines of JSON go to a file: reading them here would cost what we measure."""
    words = [
        "sh",
        "-c",
        'exec "$@" >"$0"',
        file,
        sys.executable,
        f"listeners/{pattern}.py",
        "--json",
    ]
    listener = Process(words, environ=environ)
    listener.says("Listening")
    return listener


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """What is started inside stays on one core, where there is more than one."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(cores)[number % len(cores)]})
    yield
    os.sched_setaffinity(0, cores)
