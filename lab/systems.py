"""What is put through the scenarios: our listeners, plain ones, or a consumer of the reader's own.

A system says how its processes are started, when a consumer is ready, how it is stopped and
killed, what is unfinished in it, how long a redelivery may take, and what is promised. Which
message a line of a consumer tells of is the same for all: `lab.history.files.read_message`.
"""

import signal
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from lab.consumer import Consumer
from lab.history.records import NEWEST_FIRST, NO_ORDER, OLDEST_FIRST, Promise
from lab.job import Settings
from messaging.receiving.contract import TRIES
from patterns.declaration.pattern import Pattern
from patterns.declaration.store import Store
from starting.parts import listener_command

FRAGILE = "lab.fragile"  # the module that runs a listener which the poison kills
ORDERS = (OLDEST_FIRST, NEWEST_FIRST, NO_ORDER)


@dataclass(frozen=True)
class Listener:
    """One consumer of a scenario, which is started the same each time."""

    name: str
    work: float = 0.0  # seconds for each message
    fragile: bool = False  # whether poison kills it


@dataclass(frozen=True)
class System(ABC):
    """Producers and consumers of one kind, over one pattern."""

    pattern: Pattern
    client: str = "ours"  # of the producer
    says_ready: bool = False  # whether its consumers tell that they are ready
    order: str = ""  # in which a backlog comes; empty: as the pattern declares
    redelivers_within: float = 6.0  # seconds: our leases expire after three, and are looked for

    @property
    def promise(self) -> Promise:
        pattern = self.pattern
        return Promise(
            pattern.everyone_hears,
            pattern.keeps,
            pattern.redelivers,
            self.order or pattern.order.value,
            TRIES if pattern.redelivers else 0,
        )

    def producer(self, web: str = "", way: str = "") -> list[str]:
        """The command of lab/producer.py, which sends in another way, or through a web server."""
        client = web or way or self.client
        return [sys.executable, "-m", "lab.producer", self.pattern.script, client]

    @abstractmethod
    def consumer(self, one: Listener) -> Sequence[str]:
        """The command that starts it."""

    def environ(self, one: Listener, url: str) -> dict[str, str]:
        """What a consumer finds in its environment beside ours."""
        work = str(one.work)
        return {"REDIS_URL": url, "PLACE": self.pattern.place, "NAME": one.name, "WORK": work}

    def is_ready(self, consumer: Consumer) -> bool:
        """Whether it has said so; who says nothing is ready when it has received a message."""
        return self.says_ready and "Listening to " in consumer.stderr.text()

    def stop(self, consumer: Consumer) -> None:
        """Ask it to stop, as a terminal or a container would: all its processes."""
        consumer.gets(signal.SIGTERM)

    def kill(self, consumer: Consumer) -> list[psutil.Process]:
        """Kill it with all its processes; returns those."""
        processes = consumer.members()
        consumer.kill()
        return processes

    def kill_child(self, consumer: Consumer) -> list[psutil.Process]:
        """Kill the youngest process that it started; returns that, or nothing if there is none."""
        youngest = sorted(consumer.members()[1:], key=psutil.Process.create_time)[-1:]
        for one in youngest:
            one.kill()
        return youngest

    @property
    def store(self) -> Store:
        """What is unfinished in it, as Redis knows it."""
        return self.pattern.store

    @property
    def dead_letters(self) -> str:
        """The list of the messages that were put aside; empty if it has none."""
        return self.pattern.dead_letters


class Ours(System):
    """Our listeners and our sender."""

    def consumer(self, one: Listener) -> Sequence[str]:
        options = ["--json", "--name", one.name, "--work", str(one.work)]
        options += self.pattern.listener_options(one.name)
        if one.fragile:
            return [sys.executable, "-m", FRAGILE, self.pattern.script, *options]
        return listener_command(self.pattern.script, *options)


class Plain(System):
    """redis-py with its defaults, as a tutorial would write it."""

    def consumer(self, one: Listener) -> Sequence[str]:
        return [sys.executable, "-m", "lab.plain", self.pattern.name, one.name]


@dataclass(frozen=True)
class Own(System):
    """A command of the reader's, and our sender."""

    command: str = ""

    def consumer(self, one: Listener) -> Sequence[str]:
        return ["sh", "-c", self.command]


def system_of(pattern: Pattern, settings: Settings) -> System:
    if settings.listener:
        return Own(pattern, order=settings.order, command=settings.listener)
    if settings.client == "plain":
        return Plain(pattern, client="plain")
    return Ours(pattern, says_ready=True)
