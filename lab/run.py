"""One run of a scenario: its Redis, consumers and producer, and the notes of what happened."""

import signal
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from lab.consumers import READY_WITHIN, Consumers
from lab.history.files import READS, WITNESS, log_files, write_lines, write_notes
from lab.history.records import SENDER, Notes, digest
from lab.job import FailedRunError, Settings
from lab.producing import Producer
from lab.product import product_at
from lab.server import Server
from lab.servers import Own, Theirs
from lab.systems import system_of
from lab.tails import Written
from lab.workloads import Load
from patterns.declaration.pattern import Pattern
from starting.parts import NO_LIMIT, Web
from starting.process import Process, wait_until

SOON = 3.0  # seconds
FURTHER = 500_000  # added to the seed of a load that goes on after a pause


class Run(AbstractContextManager["Run"]):
    """The tools of a scenario. On exit it ends its processes and deletes its keys."""

    def __init__(
        self,
        pattern: Pattern,
        settings: Settings,
        folder: Path,
        *options: str,
        kind: type[Server] = Own,
        is_watched: bool = True,
    ) -> None:
        """Start a Redis of this kind with these options, unless it is one that others use.

        If `is_watched`, a proxy before each listener and the sender writes down what passes.
        """
        self.pattern, self.settings, self.folder = pattern, settings, folder
        self.system = system_of(pattern, settings)
        self.server = (Theirs if settings.url else kind)(self.system, folder, settings, *options)
        product = str(product_at(self.server.own_url) or "")
        self.notes = Notes(self.system.promise, self.system.client, product, is_watched=is_watched)
        self.written = Written(folder)
        self.consumers = Consumers(self.system, folder, self.server, self.written, is_watched)
        self._senders: list[Process] = []  # the web server, if there is one, and the producer

    def begin(self, way: str = "") -> None:
        """Start the producer, and send one message after the other until all have received one.

        It sends in this way, as lab/producer.py knows it, or as the client does.
        """
        self.consumers.wait_ready(*self.consumers.by_name)
        self.server.names = [*self.consumers.by_name]
        environ = {"REDIS_URL": self.server.url}
        if self.notes.is_watched:
            proxy = self.consumers.witness(SENDER, self.pattern.commands.send[0])
            self.consumers.witnesses[SENDER] = proxy
            environ = {"REDIS_URL": proxy.url, "LIVE": "0"}
        web = ""
        if self.settings.through_web:
            server = Web({**environ, **NO_LIMIT}, log_files(self.folder, "web"))
            self._senders.append(server)
            web = server.host
        command = self.system.producer(web, way)
        self.producer = Producer(command, self.folder, environ, self.written)
        self._senders.append(self.producer)
        if not self._probe():
            why = ["Not every listener received a probe.", *self.consumers.last_words()]
            raise FailedRunError(" ".join(why))
        wait_until(self._is_quiet, SOON)

    def _probe(self) -> bool:
        """Send one message after the other until each listener has received one of them."""
        number = iter(range(1, 1000))

        def send_one() -> bool:
            before = self.consumers.count()
            self.producer.send(Load(least=1, seed=next(number), phase="probe"))
            wait_until(lambda: self.consumers.count() > before, 0.5)
            return wait_until(self.consumers.have_received, 0.1)

        return wait_until(send_one, READY_WITHIN)

    def _is_quiet(self) -> bool:
        """Whether nothing is on its way, so that no fault meets the work on a probe."""
        return self.is_drained() if self.pattern.keeps else self.consumers.is_quiet()

    def load(self, load: Load) -> None:
        """Begin with the load of the run."""
        self._load = replace(load, seed=self.settings.seed)
        self.notes.poisons += map(digest, self._load.poisons())
        self.producer.start(self._load)

    def pause(self) -> None:
        """End the load, and wait until nothing is on its way."""
        self.producer.end()
        wait_until(self._is_quiet, SOON)

    def go_on(self) -> None:
        """Begin with a further load of the same kind."""
        self._load = replace(self._load, seed=self._load.seed + FURTHER)
        self.producer.start(self._load)

    def wait_for_all(self, since: float) -> None:
        """Wait until all receive again, of what was written after that if nothing waits."""
        consumers, within = self.consumers, self.system.promise.back_within
        before = {name: one.count() for name, one in consumers.told.items()}

        def are_back() -> bool:
            return all(one.count() > before.get(name, 0) for name, one in consumers.told.items())

        def has_ended() -> bool:
            return bool(consumers.last_words())

        wait_until(lambda: self.written.read().latest > since, within)

        def have_received() -> bool:
            return consumers.have_received(after=since)

        # Where each has a backlog of its own, what was sent later comes later.
        check = are_back if self.pattern.everyone_hears and self.pattern.keeps else have_received
        wait_until(check, within, unless=has_ended)

    def drain(self, within: float) -> None:
        """End the load, and wait until none is left and no consumer tells of another one.

        A system that takes longer to hand a message over again has that time instead.
        """
        if self.system.promise.redelivers:
            within = max(within, self.system.redelivers_within)
        self.producer.end()
        if not wait_until(self.is_drained, within):
            self.notes.ended = "deadline"
            self.notes.is_busy = not wait_until(self.consumers.is_quiet, SOON)
            # Before they are stopped, for who stops takes its name from the lists of Redis.
            self.notes.remaining = self.server.remaining()

    def is_drained(self) -> bool:
        return not self.server.unfinished() and self.consumers.is_quiet()

    def finish(self) -> None:
        """Stop all consumers, and write the history."""
        consumers, notes = self.consumers, self.notes
        consumers.stop(*consumers.by_name)
        notes.breaches += consumers.breaches
        notes.stops = consumers.codes
        notes.planned = self.producer.planned
        notes.listeners = consumers.presences()
        notes.remaining = notes.remaining or self.server.remaining()
        notes.dead_letters = self.server.dead_letters()
        notes.lengths = self.server.lengths if self.pattern.keeps else []
        notes.figures["redis_memory_mib"] = self.server.memory
        write_lines(self.folder / READS, consumers.reads.end())
        notes.lag = consumers.reads.lag
        if notes.is_watched:
            found = ((kind, *one) for kind, one in consumers.testimony())
            write_lines(self.folder / WITNESS, found)
        write_notes(self.folder, notes)

    def __exit__(self, *_: object) -> None:
        signal.alarm(0)  # nothing interrupts what follows
        self.consumers.close()
        for process in reversed(self._senders):
            process.kill()
        self.server.close(self.consumers.by_name)
