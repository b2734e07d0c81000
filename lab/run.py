"""One run of one scenario: a Redis, listeners and a producer, their faults, and what came of it."""

import time
from collections import defaultdict
from contextlib import ExitStack, suppress
from pathlib import Path

from redis import Redis, RedisError

from lab.consumer import FailedRunError, log_files
from lab.crew import QUIET, READY_WITHIN, Crew
from lab.producer_process import Producer
from lab.sampler import Sampler
from lab.settings import Settings
from messaging.message import Message
from messaging.settings import KEY_PREFIX
from patterns.pattern import Pattern
from starting.parts import NO_LIMIT, Web
from starting.proxy import Proxy
from starting.redis_server import RedisServer, own_redis
from starting.waiting import wait_until

SENT_WITHIN = 60.0  # seconds after the last one was meant
LATE = 3.0  # seconds for what a consumer of the reader's own has taken and not printed yet


class Run(Crew):
    """What a scenario works with; when it is left, no process and no key of it is left."""

    def __init__(self, pattern: Pattern, settings: Settings, folder: Path) -> None:
        super().__init__(pattern, settings, folder)
        self.facts: dict[str, float] = {}  # what else the scenario has measured
        self.words = ""  # what else it has seen
        self.more: list[str] = []  # what was wrong beside losses and the like
        self.ended = "drained"
        self.is_busy = False  # whether listeners were at work when it was ended
        self._ends = ExitStack()  # of all but the listeners
        self._asked = 0  # messages that were to be sent
        self._producer: Producer | None = None
        self._server: RedisServer | None = None
        self._sampler: Sampler | None = None
        self.web = ""  # host and port of the one through which is sent

    # Redis

    def serve(self, *options: str) -> None:
        """Start this run's Redis, or use the one that was named."""
        if not self.settings.url:
            self._server = own_redis(self.folder, *options, port=self.redis_port)
            self.redis_port = self._server.port
        self._ends.callback(self.kill_redis)
        self.redis = self._ends.enter_context(Redis.from_url(self.url()))
        if self.settings.url:
            self._ends.callback(self._clean)
        self._sampler = Sampler(self.pattern, self.url())
        self._ends.callback(self._sampler.close)
        if self.settings.through_web:
            web = Web({"REDIS_URL": self.url(), **NO_LIMIT}, log_files(self.folder, "web"))
            self._ends.callback(web.kill)
            self.web = web.host

    def kill_redis(self) -> None:
        """As a crash would."""
        if self._server:
            self._server.kill()

    def start_redis(self, *options: str) -> None:
        """Start it, on what it kept if it was there before."""
        self._server = RedisServer(self.redis_port, self.folder, *options)

    def proxy(self, mark: bytes) -> Proxy:
        proxy = Proxy(self.redis_port, mark)
        self._ends.callback(proxy.close)
        return proxy

    # The producer

    def producer(self, proxy: Proxy | None = None) -> Producer:
        """The one that sends; the first call starts it."""
        if not self._producer:
            environ = {"REDIS_URL": self.url(proxy)}
            client, seed = self.web or self.settings.client, self.settings.seed
            self._producer = Producer(self.pattern.script, client, self.folder, environ, seed)
            self._ends.callback(self._producer.kill)
        return self._producer

    def send(
        self, count: int, rate: float = 0.0, size: int = 1, body: str = "", wait: bool = True
    ) -> None:
        """Send so many messages, at so many a second; 0: all at once."""
        self._asked += count
        self.producer().send(count, rate, size, body)
        if wait:
            self.wait_until_sent(count / rate if rate else 0)

    def wait_until_sent(self, seconds: float = 0.0) -> None:
        self.producer().wait(seconds + SENT_WITHIN)

    def probe(self, again: bool = False, within: float = READY_WITHIN) -> None:
        """Send until each listener has received something, or something more when it is to again.

        Whoever is not back by then stays away: what it misses shows it.
        """
        before = {name: self.lines_of(name) if again else 0 for name in self.listeners}

        def all_have() -> bool:
            return all(self.lines_of(name) > lines for name, lines in before.items())

        def send_one() -> bool:
            lines = self.lines()
            self.send(1)
            wait_until(lambda: self.lines() > lines, 0.5)
            return wait_until(all_have, 0.1)

        if not wait_until(send_one, within) and not again:
            why = ["Not every listener received a probe.", *self.last_words()]
            raise FailedRunError(" ".join(why))
        for name in self.listeners:
            self.since.setdefault(name, time.time())
        if self.settings.listener:  # stopped now, it might die with a probe in its hand
            wait_until(self.is_quiet, LATE)

    # The end

    def lengths(self) -> list[tuple[float, int]]:
        """When, and how many messages were not done; nothing where none ever waits."""
        return self._sampler.lengths if self._sampler and self.pattern.keeps else []

    def memory(self) -> float:
        """Of Redis, in MiB, at most."""
        return self._sampler.memory if self._sampler else 0.0

    def left(self) -> int:
        with suppress(RedisError):
            return self.pattern.store.unfinished(self.redis)
        return 1

    def drain(self, within: float = 15.0, quiet: float = QUIET) -> None:
        """Wait until everything is done and nothing more comes; or for so long, and say so."""
        is_done = wait_until(lambda: not self.left() and self.is_quiet(quiet), within)
        if is_done and self.settings.listener:
            wait_until(lambda: self.lines() >= self._asked, LATE)
        self.ended = "drained" if is_done else "deadline"
        self.is_busy = not is_done and not self.is_quiet(quiet)

    def remaining(self) -> dict[str, set[str]]:
        """The ids that are still there, by whom they wait for."""
        remaining: dict[str, set[str]] = defaultdict(set)
        with suppress(RedisError):
            for name, lines in self.pattern.store.unfinished_lines(self.redis).items():
                whom = name if self.pattern.everyone_hears else "all"
                remaining[whom] |= {str(Message.decode(line).id) for line in lines}
        return remaining

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.listeners.values():
            one.kill()
        self._ends.close()

    def _clean(self) -> None:
        """Delete what we put into a Redis of others."""
        for key in self.redis.scan_iter(f"{KEY_PREFIX}*"):
            self.redis.delete(key)
