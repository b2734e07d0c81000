"""What a scenario declares."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab.run import Run
from patterns.declaration.pattern import Pattern

Play = Callable[[Run], None]


@dataclass(frozen=True)
class Scenario:
    """A function that plays it on a run and notes its faults, and the rules by which it is run."""

    play: Play
    number: str
    title: str
    question: str
    about: str  # what is done
    fits: Callable[[Pattern], Any] = lambda _: True  # whether it makes sense for a pattern
    redis_options: tuple[str, ...] = ()
    alone: bool = False  # it measures speed, so no run may go on beside it
    where_client_matters: bool = False  # it also runs with the plain client
    quick_plain: bool = False  # also with --quick
    harmless: bool = True  # also runs on a Redis that others use
    is_quick: bool = True  # also runs with --quick
    deadline: float = 15.0  # seconds for the listeners to take what is left in the end
    any_listener: bool = True  # also runs with a consumer of --listener
    # The figure that answers the question, the words around it, and its divisor.
    answer: tuple[str, str, float] = ("", "", 1)
    in_readme: bool = False

    @property
    def name(self) -> str:
        return self.play.__name__.replace("_", "-")

    def described(self) -> dict[str, str]:
        """The fields that /compare and the tables show."""
        shown = ("name", "number", "title", "question", "about")
        return {field: getattr(self, field) for field in shown}


def scenario(number: str, title: str, **rules: Any) -> Callable[[Play], Scenario]:
    """Make a scenario of a function whose docstring is two paragraphs: question, what is done."""

    def declare(play: Play) -> Scenario:
        paragraphs = (inspect.getdoc(play) or "").split("\n\n")
        question, about = (one.replace("\n", " ") for one in paragraphs)
        return Scenario(play, number, title, question, about, **rules)

    return declare


def names(count: int) -> list[str]:
    return [f"listener-{n}" for n in range(1, count + 1)]
