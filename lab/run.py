"""One run of a scenario: its Redis, consumers and producer, and the notes of what happened."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE
from typing import Any

from lab.consumers import READY_WITHIN, SOON, Consumers, ports_of
from lab.history import PRODUCER, FailedRunError, Fault, Notes, Settings, log_files
from lab.product import product_at
from lab.server import Server
from patterns.declaration.pattern import Pattern
from starting.parts import NO_LIMIT, Web
from starting.process import Environ, Process, wait_until
from starting.proxy import Proxy

SENT_WITHIN = 60.0  # seconds after the time at which the last message is due


class Producer(Process):
    """Runs lab/producer.py, and writes a line of JSON to its input for each command."""

    def __init__(self, link: str, client: str, folder: Path, environ: Environ, seed: int) -> None:
        command = [sys.executable, "-m", "lab.producer", link, client]
        super().__init__(command, environ=environ, files=log_files(folder, PRODUCER), stdin=PIPE)
        self._seed, self._commands = seed, 0
        self.asked = 0  # messages that it was told to send
        self.must(self.stdout.has_any)

    def send(self, count: int, rate: float = 0.0, body: str = "x", wait: bool = True) -> None:
        """Send `count` messages at `rate` per second, or all at once when it is 0."""
        self.asked += count
        seed = self._seed + self._commands  # no two commands have the same schedule
        command = {"rate": rate, "count": count, "seed": seed, "body": body}
        if self.popen.stdin:
            self.popen.stdin.write(json.dumps(command).encode() + b"\n")
            self.popen.stdin.flush()
        self._commands += 1
        if wait:
            self.wait(count / rate if rate else 0)

    def wait(self, seconds: float = 0.0) -> None:
        """Wait until the last command is done, which takes so long; raises FailedRunError."""
        done = f'{{"done": {self._commands - 1}}}'
        if not wait_until(lambda: self.stdout.last_line() == done, seconds + SENT_WITHIN):
            raise FailedRunError(f"The producer did not end in time. {self.stderr.text()[-300:]}")


class Run(AbstractContextManager["Run"]):
    """The tools of a scenario. On exit it ends its processes and deletes its keys."""

    def __init__(self, pattern: Pattern, settings: Settings, folder: Path, *options: str) -> None:
        """Start Redis with these options, unless it is one that others use."""
        self.pattern, self.settings, self.folder = pattern, settings, folder
        self.server = Server(pattern, folder, *options, theirs=settings.url, server=settings.server)
        self.notes = Notes(pattern.name, redis=str(product_at(self.server.url) or ""))
        self.consumers = Consumers(pattern, settings, folder, self.server)
        self._senders: list[Process] = []  # the web server, if there is one, and the producer

    def _start_producer(self, proxy: Proxy | None) -> None:
        """Start the process that sends; it or the web server that it uses is behind the proxy."""
        environ = {"REDIS_URL": proxy.url, "LIVE": "0"} if proxy else {"REDIS_URL": self.server.url}
        client = self.settings.client
        if self.settings.through_web:
            web = Web({**environ, **NO_LIMIT}, log_files(self.folder, "web"))
            self._senders.append(web)
            client = web.host
        link, seed = self.pattern.script, self.settings.seed
        self.producer = Producer(link, client, self.folder, environ, seed)
        self._senders.append(self.producer)

    def begin(self, *names: str, sender_proxy: Proxy | None = None, **how: Any) -> None:
        """Start these, `how` as in `Consumers.start`, and send until all received a message."""
        self.consumers.listen(*names, **how)
        self._start_producer(sender_proxy)
        if not self._probe():
            why = ["Not every listener received a probe.", *self.consumers.last_words()]
            raise FailedRunError(" ".join(why))
        for name in self.consumers.by_name:
            self.consumers.ready_at.setdefault(name, time.time())
        if self.settings.listener:  # it must not be stopped while it handles a probe
            wait_until(self.consumers.is_quiet, SOON)

    def probe_again(self) -> None:
        """Send, after all that is under way, until each consumer has received another message.

        One that does not come back is no error: the messages that it misses are counted.
        """
        self.producer.wait()
        self._probe()

    def _probe(self) -> bool:
        """Send one message after the other until each log has more lines than before."""
        consumers = self.consumers
        before = {name: consumers.count(name) for name in consumers.by_name}

        def send_one() -> bool:
            lines = consumers.count()
            self.producer.send(1)
            wait_until(lambda: consumers.count() > lines, 0.5)
            return wait_until(lambda: all(consumers.count(n) > before[n] for n in before), 0.1)

        return wait_until(send_one, READY_WITHIN)

    @contextmanager
    def fault(self, *away: str, **cost: Any) -> Iterator[None]:
        """Note a fault that begins now and is over when all that it takes away are back.

        `cost` has the fields of `Fault` that say what it may cost. Where Redis keeps nothing for
        who is away, who is back is whom Redis lists as a subscriber again.
        """
        fault, there = Fault(time.time(), away=away, **cost), self.server.subscribers()
        yield
        if not wait_until(lambda: self._are_back(away, there), READY_WITHIN):
            self.notes.breaches.append(f"Not all came back of {', '.join(away)}.")
        self.notes.faults.append(replace(fault, until=time.time()))

    def _are_back(self, names: Sequence[str], before: set[tuple[str, str]] | None) -> bool:
        """Return whether Redis lists a new subscriber for each, where that can be asked."""
        if self.pattern.keeps or before is None:
            return True
        return len((self.server.subscribers() or set()) - before) >= len(names)

    @contextmanager
    def away(self, *names: str) -> Iterator[None]:
        """Stop these as a deployment would, and start them again at the end."""
        with self.fault(*names):
            self.consumers.stop(*names)
            yield
            self.consumers.listen(*names)

    def must(self, evidence: Callable[[], object], without: str, within: float = 5.0) -> None:
        """Wait for the evidence that a fault has happened; `without` it, nothing was measured."""
        if not wait_until(evidence, within):
            self.notes.invalid.append(without)

    def cut_connections(self) -> None:
        """CLIENT KILL the connections of the consumers and the producer, and no others."""
        clients = self.server.clients()
        for part in (*self.consumers.by_name.values(), *self._senders):
            ids = {clients[port] for port in ports_of(part) & clients.keys()}
            for one in ids:
                self.server.redis.client_kill_filter(one)
            self.must(
                lambda ids=ids: ids and not ids & {*self.server.clients().values()},  # type: ignore[misc]
                f"CLIENT KILL met no connection of {part.command}.",
            )

    def drain(self, within: float) -> None:
        """Wait until all is sent, none is left and no consumer prints; note when it takes long."""
        self.producer.wait()
        if self.notes.faults:
            self.probe_again()
        if not wait_until(self.is_drained, within):
            self.notes.ended = "deadline"
            self.notes.is_busy = not wait_until(self.consumers.is_quiet, SOON)
            # Before they are stopped, for who stops takes its name from the lists of Redis.
            self.notes.remaining = self.server.remaining()
        elif self.settings.listener:
            wait_until(lambda: self.consumers.count() >= self.producer.asked, SOON)

    def is_drained(self) -> bool:
        return not self.server.unfinished() and self.consumers.is_quiet()

    def finish(self) -> None:
        """Stop all consumers, and write the notes, which complete the history."""
        consumers, notes = self.consumers, self.notes
        notes.breaches += consumers.last_words()
        consumers.stop(*consumers.by_name)
        notes.breaches += consumers.breaches
        notes.planned = self.producer.asked
        notes.since = consumers.ready_at
        notes.remaining = notes.remaining or self.server.remaining()
        notes.lengths = self.server.lengths if self.pattern.keeps else []
        notes.figures["redis_memory_mib"] = self.server.memory
        notes.write(self.folder)

    def __exit__(self, *_: object) -> None:
        signal.alarm(0)  # nothing interrupts what follows
        for process in (*self.consumers.by_name.values(), *reversed(self._senders)):
            process.kill()
        self.server.close(self.consumers.by_name)
