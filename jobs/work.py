"""A piece of work: what was asked for, and what has happened to it since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How far a piece of work is, in the words of the field."""

    PENDING = "PENDING"  # nobody has begun with it
    STARTED = "STARTED"
    RETRY = "RETRY"  # it failed and will be tried again
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    UNKNOWN = "UNKNOWN"  # whoever had it is gone, and nobody else knows of it

    @property
    def is_final(self) -> bool:
        return self in (State.SUCCESS, State.FAILURE, State.UNKNOWN)


@dataclass(frozen=True)
class Work:
    """What was asked for. Times are in seconds since the epoch."""

    id: str  # nobody can guess it
    way: str
    task: str
    arguments: dict[str, Any]
    asked: float
    due: float = 0.0  # not before that time; 0: at once
    holder: str = ""  # the process that has it until somebody begins; empty: Redis or a broker has


@dataclass(frozen=True)
class Event:
    """Something that happened to a piece of work."""

    state: State
    at: float
    worker: str = ""
    outcome: Any = None  # of a success, as JSON has it
    why: str = ""  # a sentence: why it failed, is tried again, or is unknown


@dataclass(frozen=True)
class Piece:
    """A piece of work and its history; its state is that of the last event."""

    work: Work
    events: Sequence[Event] = ()
    answered: float = 0.0  # when whoever asked had an answer; 0: not yet

    @property
    def last(self) -> Event:
        return self.events[-1] if self.events else Event(State.PENDING, self.work.asked)

    @property
    def state(self) -> State:
        return self.last.state

    def with_event(self, event: Event) -> "Piece":
        return replace(self, events=[*self.events, event])


def read_work(fields: object) -> Work:
    """Return the work that these fields tell of; raises TypeError if it is none."""
    if not isinstance(fields, dict):
        raise TypeError
    work = Work(**fields)
    texts, times = (work.id, work.way, work.task, work.holder), (work.asked, work.due)
    is_text = all(isinstance(one, str) for one in texts)
    is_number = all(isinstance(one, (int, float)) for one in times)
    if is_text and is_number and isinstance(work.arguments, dict):
        return work
    raise TypeError
