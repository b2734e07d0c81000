"""What a scenario is, and which patterns it makes sense for."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from lab.patterns import Pattern
from lab.run import Run
from lab.verdict import Allowed

Play = Callable[[Run], Allowed]


@dataclass(frozen=True)
class Scenario:
    """A question, and how it is put to a pattern."""

    name: str
    number: str
    title: str
    play: Play
    fits: Callable[[Pattern], bool] = lambda _: True
    alone: bool = False  # it measures speed, so nothing may run beside it
    client_matters: bool = False  # it runs with redis-py's defaults as well
    harmless: bool = True  # to a Redis that others use
    is_quick: bool = True  # is part of --quick
    any_listener: bool = True  # also for a consumer of the reader's own
    budget: float = 60.0  # seconds, after which a run is ended

    @property
    def question(self) -> str:
        return inspect.getdoc(self.play).split("\n\n")[0].replace("\n", " ")  # type: ignore[union-attr]

    @property
    def about(self) -> str:
        rest = (inspect.getdoc(self.play) or "").partition("\n\n")[2]
        return rest.replace("\n", " ")


def names(count: int) -> list[str]:
    """Of so many listeners."""
    return [f"listener-{n}" for n in range(1, count + 1)]
