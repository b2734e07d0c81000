"""What a scenario declares: who listens, what is sent, what is done to them, and the question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lab.faults.injection import Injection
from lab.job import Settings
from lab.run import Run
from lab.server import Server
from lab.servers import Own
from lab.systems import Listener
from lab.workloads import Load
from patterns.declaration.pattern import Pattern

AFTER = 40  # messages that are sent after the last fault, so that who loses some then is found


def listeners(count: int, work: float = 0.0, fragile: bool = False) -> list[Listener]:
    return [Listener(f"listener-{n}", work, fragile) for n in range(1, count + 1)]


Loads = Callable[[Settings, Pattern], Load]
Faults = Callable[[Settings, Pattern], Sequence[Injection]]


def no_faults(*_: object) -> Sequence[Injection]:
    return []


@dataclass(frozen=True)
class Scenario:
    """A row of parts, and the rules by which it is run."""

    name: str
    number: str
    title: str
    question: str
    about: str  # what is done
    listeners: Sequence[Listener]
    load: Loads
    faults: Faults = no_faults
    fits: Callable[[Pattern], Any] = lambda _: True  # whether it makes sense for a pattern
    way: str = ""  # of sending, as lab/producer.py knows it; empty: as the client does
    redis: type[Server] = Own
    redis_options: tuple[str, ...] = ()
    alone: bool = False  # it measures speed, so no run may go on beside it, and no proxy
    unwatched: bool = False  # clients do not connect to where a proxy could be
    where_client_matters: bool = False  # it also runs with the plain client
    quick_plain: bool = False  # also with --quick
    harmless: bool = True  # also runs on a Redis that others use
    sees_enough: bool = False  # its verdict can be had without proxies
    is_quick: bool = True  # also runs with --quick
    deadline: float = 20.0  # seconds for the listeners to take what is left in the end
    any_listener: bool = True  # also runs with a consumer of --listener
    # The figure that answers the question, the words around it, and its divisor.
    answer: tuple[str, str, float] = ("", "", 1)
    tells_order: bool = False  # the order of the backlog belongs to the answer
    tells_return: bool = False  # when sender and listeners were back does
    in_readme: bool = False

    @property
    def is_watched(self) -> bool:
        """Whether proxies stand before Redis, which cost time."""
        return not (self.alone or self.unwatched)

    @property
    def needs_witness(self) -> bool:
        """Whether its verdict depends on what the proxies see."""
        return self.is_watched and not self.sees_enough

    def described(self) -> dict[str, str]:
        """The fields that /compare and the tables show."""
        shown = ("name", "number", "title", "question", "about")
        return {field: getattr(self, field) for field in shown}

    def play(self, run: Run) -> None:
        """Have the listeners come, send the load, and let the faults happen meanwhile."""
        run.consumers.start(*self.listeners)
        run.begin(self.way)
        faults = self.faults(run.settings, run.pattern)
        run.load(replace(self.load(run.settings, run.pattern), goes_on=bool(faults)))
        for fault in faults:
            fault.strike(run)
        if faults:
            run.producer.wait_for(AFTER)
        run.drain(self.deadline + run.settings.kills / 10)
        run.notes.tells_order, run.notes.tells_return = self.tells_order, self.tells_return
        run.finish()
