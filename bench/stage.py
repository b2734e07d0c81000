"""The processes of one measurement, on a Redis of their own, all gone when it is over."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from redis import Redis

from patterns import FIRST_TWO
from starting.parts import Listener, Web
from starting.process import Process
from starting.redis_server import own_redis
from starting.waiting import eventually

# What the user has set for the real project must not reach what is measured.
OURS = ("HOST", "PORT", "QUEUE_LIMIT", "TRUSTED_HOSTS", "LOG_LEVEL", "VIEWER_LIMIT", "LIVE")
NOWHERE = Path(os.devnull)

P = TypeVar("P", bound=Process)


class Stage(ExitStack):
    """Starts the parts of the project and ends them, in the opposite order."""

    def __init__(self, *redis_options: str) -> None:
        super().__init__()
        for name in OURS:
            os.environ.pop(name, None)
        self.folder = Path(self.enter_context(TemporaryDirectory(prefix="bench-")))
        self.server = self.add(own_redis(self.folder, *redis_options))
        self.redis = self.enter_context(Redis.from_url(self.server.url))

    def add(self, process: P) -> P:
        self.callback(process.kill)
        return process

    def web(self, **environ: str) -> Web:
        """Two processes, both of which are there to serve."""
        web = self.add(Web({"REDIS_URL": self.server.url, "WEB_CONCURRENCY": "2", **environ}))
        eventually(lambda: web.text.count("Booting worker") == 2)
        return web

    def listeners(self, each: int) -> None:
        """So many of each pattern; what they received is not looked at."""
        for pattern in FIRST_TWO:
            for _ in range(each):
                self.listener(pattern)

    def listener(self, pattern: str, out: Path = NOWHERE, **environ: str) -> Listener:
        """One whose lines go to this file."""
        environ["REDIS_URL"] = self.server.url
        return self.add(Listener(pattern, files=(out, None), **environ))

    def run(self, module: str, *arguments: object) -> Process:
        """A module of bench as a process."""
        return self.add(Process([sys.executable, "-m", f"bench.{module}", *map(str, arguments)]))


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """What is started inside stays on one core, where there is more than one."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(cores)[number % len(cores)]})
    yield
    os.sched_setaffinity(0, cores)
