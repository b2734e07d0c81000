"""One run of one scenario: its Redis, its listeners, its producer, and what is left at the end."""

import time
from collections import defaultdict
from collections.abc import Sequence
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
from patterns.declaration.pattern import Pattern
from starting.parts import NO_LIMIT, Web
from starting.proxy import Proxy
from starting.redis_server import RedisServer, own_redis
from starting.waiting import wait_until

SENT_WITHIN = 60.0  # seconds after the time at which the last message is due
LATE = 3.0  # seconds within which a user's consumer prints what it has taken


class Run(Crew):
    """The tools of a scenario. On exit it ends its processes and deletes its keys."""

    def __init__(self, pattern: Pattern, settings: Settings, folder: Path) -> None:
        super().__init__(pattern, settings, folder)
        self.facts: dict[str, float] = {}  # figures that only this scenario measures
        self.words = ""  # what the scenario adds to the words of the cell
        self.more: list[str] = []  # sentences on what was wrong beside losses and repeats
        self.ended = "drained"
        self.is_busy = False  # whether listeners still worked when the time was over
        self._ends = ExitStack()  # ends everything but the listeners
        self._asked = 0  # messages that the producer was told to send
        self._producer: Producer | None = None
        self._server: RedisServer | None = None
        self.web = ""  # host and port of the web server, if messages go through it

    def begin(self, listeners: Sequence[str], *redis_options: str, work: float = 0.0) -> None:
        """Start Redis and these listeners, and send until each has received a message."""
        self.serve(*redis_options)
        self.listen(*listeners, work=work)
        self.probe()

    # Redis

    def serve(self, *options: str) -> None:
        """Start this run's Redis, or use the one that --redis names."""
        if not self.settings.url:
            self._server = own_redis(self.folder, *options, port=self.redis_port)
            self.redis_port = self._server.port
        self._ends.callback(self.kill_redis)
        self.redis = self._ends.enter_context(Redis.from_url(self.url()))
        if self.settings.url:
            self._ends.callback(self._clean)
        self.sampler = Sampler(self.pattern, self.url())
        self._ends.callback(self.sampler.close)
        if self.settings.through_web:
            web = Web({"REDIS_URL": self.url(), **NO_LIMIT}, log_files(self.folder, "web"))
            self._ends.callback(web.kill)
            self.web = web.host

    def kill_redis(self) -> None:
        """Kill it with SIGKILL, as a crash would."""
        if self._server:
            self._server.kill()

    def start_redis(self, *options: str) -> None:
        """Start it again, with the data that it kept on disk."""
        self._server = RedisServer(self.redis_port, self.folder, *options)

    def proxy(self, mark: bytes) -> Proxy:
        """A proxy before Redis; connections that send `mark` can go silent."""
        proxy = Proxy(self.redis_port, mark)
        self._ends.callback(proxy.close)
        return proxy

    # The producer

    def producer(self, proxy: Proxy | None = None) -> Producer:
        """The process that sends; the first call starts it."""
        if not self._producer:
            environ = {"REDIS_URL": self.url(proxy)}
            client, seed = self.web or self.settings.client, self.settings.seed
            self._producer = Producer(self.pattern.script, client, self.folder, environ, seed)
            self._ends.callback(self._producer.kill)
        return self._producer

    def send(
        self, count: int, rate: float = 0.0, size: int = 1, body: str = "", wait: bool = True
    ) -> None:
        """Send `count` messages at `rate` per second, or all at once when it is 0.

        `body` replaces a body of `size` letters.
        """
        self._asked += count
        self.producer().send(count, rate, size, body)
        if wait:
            self.wait_until_sent(count / rate if rate else 0)

    def wait_until_sent(self, seconds: float = 0.0) -> None:
        self.producer().wait(seconds + SENT_WITHIN)

    def probe(self, again: bool = False, within: float = READY_WITHIN) -> None:
        """Send one message after the other until each listener has received one.

        `again`: one more than before. A listener that does not come back is no error then: the
        messages that it misses are counted.
        """
        before = {name: self.lines(name) if again else 0 for name in self.listeners}

        def all_have() -> bool:
            return all(self.lines(name) > lines for name, lines in before.items())

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
        if self.settings.listener:  # it must not be stopped while it handles a probe
            wait_until(self.is_quiet, LATE)

    # The end

    def clients(self) -> dict[int, str]:
        with suppress(RedisError):
            addresses = [client["addr"] for client in self.redis.client_list()]
            return {int(address.rpartition(":")[2]): address for address in addresses}
        return {}

    def lengths(self) -> list[tuple[float, int]]:
        """Times, and how many messages were unfinished; empty where Redis keeps no message."""
        return self.sampler.lengths if self.pattern.keeps else []

    def left(self) -> int:
        """How many messages are unfinished; 1 when Redis does not answer."""
        with suppress(RedisError):
            return self.pattern.store.unfinished(self.redis)
        return 1

    def drain(self, within: float = 15.0, quiet: float = QUIET) -> None:
        """Wait until no message is left and no listener prints; note when that takes too long."""
        is_done = wait_until(lambda: not self.left() and self.is_quiet(quiet), within)
        if is_done and self.settings.listener:
            wait_until(lambda: self.lines() >= self._asked, LATE)
        self.ended = "drained" if is_done else "deadline"
        self.is_busy = not is_done and not self.is_quiet(quiet)

    def remaining(self) -> dict[str, set[str]]:
        """The ids of unfinished messages, by the listener that they wait for, or for «all»."""
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
        """Delete our keys from a Redis that others use."""
        for key in self.redis.scan_iter(f"{KEY_PREFIX}*"):
            self.redis.delete(key)
