"""Starts the processes of one measurement on their own Redis, and ends them afterwards."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from urllib.request import urlopen

from redis import Redis

from bench.bars import SpoiltError
from patterns import FIRST_TWO
from starting.browser import Tab, launch
from starting.parts import NO_LIMIT, Web, listener_command, own_redis
from starting.process import DEADLINE, Process

# The user's own settings must not change the measurement.
OURS = ("HOST", "PORT", "QUEUE_LIMIT", "TRUSTED_HOSTS", "LOG_LEVEL", "VIEWER_LIMIT", "LIVE")

P = TypeVar("P", bound=Process)


class Stage(ExitStack):
    """Starts the parts of the project; on exit ends them in reverse order."""

    def __init__(self, *redis_options: str) -> None:
        super().__init__()
        for name in OURS:
            os.environ.pop(name, None)
        folder = self.enter_context(TemporaryDirectory(prefix="bench-"))
        self.server = self.add(own_redis(Path(folder), *redis_options))
        self.redis = self.enter_context(Redis.from_url(self.server.url))

    def add(self, process: P) -> P:
        self.callback(process.kill)
        return process

    def web(self, processes: int = 2, **environ: str) -> Web:
        """Start so many web processes, and wait until they serve."""
        environ |= {"REDIS_URL": self.server.url, "WEB_CONCURRENCY": str(processes), **NO_LIMIT}
        web = self.add(Web(environ))
        web.must(lambda: web.text.count("Booting worker") == processes)
        urlopen(f"http://{web.host}/healthz", timeout=DEADLINE).close()
        return web

    def listeners(self, each: int) -> None:
        """Start so many listeners of each pattern, without their output."""
        for pattern in FIRST_TWO:
            for _ in range(each):
                self.listener(pattern, out=Path(os.devnull))

    def listener(self, pattern: str, out: Path | None = None, **environ: str) -> Process:
        """Start a listener, whose lines of JSON go to `out` or to a temporary file."""
        environ["REDIS_URL"] = self.server.url
        command = listener_command(pattern, "--json")
        listener = self.add(Process(command, environ, files=(out, None)))
        listener.must(lambda: "Listening" in listener.stderr.text())
        return listener


@contextmanager
def live_page(listeners: int) -> Iterator[tuple[Tab, str]]:
    """Open the page with so many listeners of each pattern; yields it and the web's host and port.

    Raises SpoiltError when the page had errors.
    """
    with Stage() as stage, launch() as browser:
        web = stage.web()
        stage.listeners(listeners)
        tab = Tab(browser, f"http://{web.host}/")
        tab.is_live()
        yield tab, web.host
        if tab.errors:
            raise SpoiltError(f"The page had errors: {tab.errors}")


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """Pin what is started inside to one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(cores)[number % len(cores)]})
    yield
    os.sched_setaffinity(0, cores)
