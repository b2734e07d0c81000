"""The events of a listener, which its loop tells to each observer.

`contract.Ready` and `contract.LeftBehind` are events as well, told as `receive` yields them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from messaging.message import MalformedLineError, Message, Span
from messaging.receiving.contract import LeftBehind, Ready


@dataclass(frozen=True, slots=True)
class Taken:
    """Work on a message begins."""

    message: Message


@dataclass(frozen=True, slots=True)
class Received:
    """A message was handled, which arrived at `at`, in seconds since the epoch."""

    message: Message
    at: float


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line is not UTF-8, which arrived at `at`, in seconds since the epoch."""

    error: MalformedLineError
    at: float


@dataclass(frozen=True, slots=True)
class Redelivered:
    """A message is delivered again, because `failures` consumers died while they handled it."""

    message: Message
    failures: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message is not handled any more, because `failures` consumers died of it."""

    message: Message
    failures: int


class Gap(Span):
    """These messages of one sender were missed."""


@dataclass(frozen=True, slots=True)
class Note:
    """There is news for a person, such as that Redis is away or back."""

    text: str


Event = Ready | Taken | Received | Malformed | Redelivered | DeadLetter | Gap | LeftBehind | Note
Observer = Callable[[Event], None]
