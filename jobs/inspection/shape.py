"""The shape of what a library has in hand, for the page, the terminal and programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LISTS = ("active", "reserved", "scheduled", "failed")
MOST = 20  # rows of each list that are shown


@dataclass(frozen=True)
class Held:
    """A piece of work that a library has."""

    id: str
    task: str = ""  # empty where what came is no piece of work
    worker: str = ""
    due: float = 0.0  # seconds since the epoch; 0: not scheduled
    why: str = ""  # a sentence: why it failed


@dataclass(frozen=True)
class Worker:
    """Who works; what a library does not tell is empty or 0."""

    name: str
    state: str = ""
    pool: str = ""
    at_once: int = 0  # pieces
    pid: int = 0


@dataclass(frozen=True)
class Inspection:
    """What one library has; a list that it does not keep, or that nobody tells, is None."""

    way: str
    title: str
    said: str = ""  # sentences: why there is nothing, or what is missing
    workers: list[Worker] = field(default_factory=list)
    active: list[Held] | None = None
    reserved: list[Held] | None = None
    scheduled: list[Held] | None = None
    failed: list[Held] | None = None

    @property
    def lists(self) -> Mapping[str, list[Held] | None]:
        return {name: getattr(self, name) for name in LISTS}


def task_of(fields: Any) -> str:
    """Return the name of the task in what a library keeps; empty if it is no piece of work."""
    task = fields.get("task") if isinstance(fields, dict) else None
    return task if isinstance(task, str) else ""
