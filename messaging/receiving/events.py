"""The events of a listener, which its loop tells to each observer.

`contract.Ready` and `contract.LeftBehind` are events as well, told as `receive` yields them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from messaging.message import MalformedLineError, Message, Span
from messaging.receiving.contract import LeftBehind, Ready


@dataclass(frozen=True, slots=True)
class Started:
    """The work on a message begins."""

    message: Message


@dataclass(frozen=True, slots=True)
class Handled:
    """The work on a message is over; it is not acknowledged yet."""

    message: Message
    arrived_at: float  # seconds since the epoch


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line is not UTF-8, and so it is not handled."""

    error: MalformedLineError
    arrived_at: float  # seconds since the epoch


@dataclass(frozen=True, slots=True)
class Redelivered:
    """A message is delivered again, because `deaths` consumers died while they handled it."""

    message: Message
    deaths: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message is not handled any more, because `deaths` consumers died of it."""

    message: Message
    deaths: int


class Gap(Span):
    """These messages of one sender were missed."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Redis refused what the listener asked, and it will ask again."""

    why: str  # a sentence


@dataclass(frozen=True, slots=True)
class Note:
    """There is news for a person, such as that Redis is away or back."""

    text: str


OfMessage = Started | Handled | Malformed | Redelivered | DeadLetter
Event = Ready | OfMessage | Gap | LeftBehind | Refused | Note
Observer = Callable[[Event], None]
