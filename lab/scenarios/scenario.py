"""What a scenario is, and which patterns it makes sense for."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lab.run import Run
from lab.verdict import Allowed
from patterns.pattern import Order, Pattern

Play = Callable[[Run], Allowed]


@dataclass(frozen=True)
class Scenario:
    """A question, and how it is put to a pattern."""

    play: Play
    number: str
    title: str
    fits: Callable[[Pattern], bool] = lambda _: True
    alone: bool = False  # it measures speed, so nothing may run beside it
    client_matters: bool = False  # it runs with redis-py's defaults as well
    harmless: bool = True  # to a Redis that others use
    is_quick: bool = True  # is part of --quick
    any_listener: bool = True  # also for a consumer of the reader's own
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
    """Of so many listeners."""
    return [f"listener-{n}" for n in range(1, count + 1)]


def on_wire(commands: Sequence[str]) -> bytes:
    """What a proxy sees of a step of a pattern: its first command."""
    return commands[0].encode()


def is_stack(pattern: Pattern) -> bool:
    return pattern.order is Order.NEWEST_FIRST


def in_peace(run: Run, absence: str = "while away") -> Allowed:
    """What a pattern may do where nobody dies: a stack turns a backlog round."""
    return Allowed(away=_absences(run), absence=absence, backwards=is_stack(run.pattern))


def after_fault(
    run: Run, in_hand: int, why: str, again: int, absence: str = "while away"
) -> Allowed:
    """What a pattern may do when somebody falls out.

    It loses `in_hand` messages at most, or handles them again, `again` times at most, where they
    are kept until they are done; these come late.
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
    """Those until now that explain a loss; that all are stopped in the end explains none."""
    return {} if run.pattern.keeps else {name: [*times] for name, times in run.away.items()}
