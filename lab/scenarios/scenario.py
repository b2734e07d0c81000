"""What a scenario is, and what it allows a pattern to lose and repeat."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lab.run import Run
from lab.verdict import Allowed
from patterns.declaration.pattern import Order, Pattern

Play = Callable[[Run], Allowed]


@dataclass(frozen=True)
class Scenario:
    """A function that plays it on a run, and the rules by which it is run."""

    play: Play
    number: str
    title: str
    fits: Callable[[Pattern], bool] = lambda _: True
    alone: bool = False  # it measures speed, so no run may go on beside it
    client_matters: bool = False  # it also runs with the plain client
    harmless: bool = True  # also runs on a Redis that others use
    is_quick: bool = True  # also runs with --quick
    any_listener: bool = True  # also runs with a consumer of --listener
    budget: float = 60.0  # seconds, after which a run is ended

    @property
    def name(self) -> str:
        return self.play.__name__.replace("_", "-")

    @property
    def question(self) -> str:
        """The first paragraph of the function's docstring."""
        return self._paragraphs()[0]

    @property
    def about(self) -> str:
        """The rest of the docstring: what is done, and with which figures."""
        return " ".join(self._paragraphs()[1:])

    def _paragraphs(self) -> list[str]:
        text = inspect.getdoc(self.play) or ""
        return [one.replace("\n", " ") for one in text.split("\n\n")]


def names(count: int) -> list[str]:
    """The names of `count` listeners."""
    return [f"listener-{n}" for n in range(1, count + 1)]


def on_wire(commands: Sequence[str]) -> bytes:
    """The first of these commands, by which a proxy recognises a step of a pattern."""
    return commands[0].encode()


def is_stack(pattern: Pattern) -> bool:
    return pattern.order is Order.NEWEST_FIRST


def in_peace(run: Run, absence: str = "while away") -> Allowed:
    """Allow what each pattern may do without a fault: a stack reverses a backlog."""
    return Allowed(away=_absences(run), absence=absence, backwards=is_stack(run.pattern))


def after_fault(
    run: Run, in_hand: int, why: str, again: int, absence: str = "while away"
) -> Allowed:
    """Allow what each pattern may do after a fault.

    A pattern that does not redeliver may lose `in_hand` messages, where `why` says; one that
    redelivers may repeat `again` messages, and out of order.
    """
    pattern = run.pattern
    return Allowed(
        lost=in_hand if pattern.keeps and not pattern.redelivers else 0,
        why=why,
        away=_absences(run),
        absence=absence,
        duplicated=again if pattern.redelivers else 0,
        backwards=is_stack(pattern) or pattern.redelivers,
    )


def _absences(run: Run) -> dict[str, list[float]]:
    """The absences so far, which explain losses only where Redis keeps no message."""
    return {} if run.pattern.keeps else {name: [*times] for name, times in run.away.items()}
