"""Plants of tests.planted.telling that tell what was never so."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from messaging.message import Message
from messaging.receiving.events import DeadLetter, Event, Handled
from tests.planted.life import FEW, Life

HOUR = 3600.0  # seconds


def with_message(one: Handled, **fields: Any) -> Handled:
    return replace(one, message=replace(one.message, **fields))


def other_body(life: Life, one: Handled) -> Iterable[Event]:
    return [with_message(one, body=f"{one.message.body}!")] if life.handled in FEW else [one]


def stale_id(life: Life, one: Handled) -> Iterable[Event]:
    """Each message under the number of the one before it, once in a while."""
    if life.handled in FEW and one.message.seq and one.message.seq > 1:
        return [with_message(one, seq=one.message.seq - 1)]
    return [one]


def other_sender(life: Life, one: Handled) -> Iterable[Event]:
    """A true body under a number that another sender could have given it."""
    return [with_message(one, sender="web-other")] if life.handled in FEW else [one]


def hour_ago(life: Life, one: Handled) -> Iterable[Event]:
    return [replace(one, arrived_at=one.arrived_at - HOUR)]


def in_an_hour(life: Life, one: Handled) -> Iterable[Event]:
    return [replace(one, arrived_at=one.arrived_at + HOUR)]


def aside(life: Life, one: Handled) -> Iterable[Event]:
    """Each tenth as a dead letter."""
    return [DeadLetter(one.message, 3)] if life.handled % 10 == 0 else [one]


def invent_one(life: Life, one: Handled) -> Iterable[Event]:
    """One message more than there was, under a number that nobody gave it."""
    invented = Message(one.message.body, "nobody", 1, one.message.sent)
    return [one, replace(one, message=invented)] if life.handled == FEW[0] else [one]


def under_forged_ids(life: Life, one: Handled) -> Iterable[Event]:
    """True bodies under numbers of its own, whenever it has come again."""
    return [with_message(one, sender="forged")] if life.is_back and life.since == 1 else [one]
