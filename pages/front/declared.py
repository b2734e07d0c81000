"""How an experiment of the front page is declared, and the commands that its steps name."""

from collections.abc import Callable
from dataclasses import dataclass

from patterns.declaration.pattern import Pattern

STOP_ALL, KILL_ONE = "kill {pids}", "kill -9 {busy}"
START = "{start}"
SHUTDOWN = ".venv/bin/python -c 'from messaging.connection import connect; connect().shutdown()'"


@dataclass(frozen=True)
class Step:
    """What is said before it is done, and what one would type for it."""

    says: str
    typed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Experiment:
    """One thing to try in every column whose pattern it makes sense for."""

    name: str  # in addresses, and of the same in static/front/play/
    title: str
    about: str
    steps: tuple[Step, ...]
    expects: Callable[[Pattern], str]  # what is to be expected of a pattern, from its declaration
    scenario: str  # of the lab, which measures the same many times
    fits: Callable[[Pattern], bool] = lambda pattern: True
    needs_demo: bool = False  # whether nobody can do it by hand
