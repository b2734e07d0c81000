"""What is put through the scenarios: our listeners, plain ones, or a consumer of the reader's own.

A system says how its processes are started, when a consumer is ready, and what is promised.
"""

import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from lab.history.records import NEWEST_FIRST, NO_ORDER, OLDEST_FIRST, Promise
from lab.job import Settings
from messaging.receiving.contract import TRIES
from patterns.declaration.pattern import Pattern
from starting.parts import listener_command
from starting.process import Process

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

    def is_ready(self, consumer: Process) -> bool:
        """Whether it has said so; who says nothing is ready when it has received a message."""
        return self.says_ready and "Listening to " in consumer.stderr.text()


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
