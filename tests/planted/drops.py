"""Plants of tests.planted.telling that do not tell of all messages."""

import time
from collections.abc import Iterable

from messaging.receiving.events import Event, Handled
from tests.planted.life import Life

SOME = range(4, 9)  # messages of a life: the fourth to the eighth


def deaf(life: Life, one: Handled) -> Iterable[Event]:
    """Nothing, once it has come again."""
    return [] if life.is_back else [one]


def deaf_for_a_second(life: Life, one: Handled) -> Iterable[Event]:
    """Nothing for a second after the last of three cuts."""
    is_deaf = life.comes > 3 and one.arrived_at < life.connected_at + 1
    return [] if is_deaf else [one]


def every_second(life: Life, one: Handled) -> Iterable[Event]:
    """Half of the messages, once it has come again."""
    return [] if life.is_back and life.handled % 2 else [one]


def only_the_first(life: Life, one: Handled) -> Iterable[Event]:
    """One message, each time when it has come again."""
    return [] if life.is_back and life.since > 1 else [one]


def only_the_first_five(life: Life, one: Handled) -> Iterable[Event]:
    """Five messages, each time when it has come again."""
    return [] if life.is_back and life.since > 5 else [one]


def not_the_first(life: Life, one: Handled) -> Iterable[Event]:
    """All but one message, each time when it has come again."""
    return [] if life.is_back and life.since == 1 else [one]


def not_the_first_five(life: Life, one: Handled) -> Iterable[Event]:
    """All but five messages of its first life."""
    return [one] if life.handled > 5 else []


def drop_some(life: Life, one: Handled) -> Iterable[Event]:
    return [] if life.handled in SOME and not life.is_back else [one]


def drop_one(life: Life, one: Handled) -> Iterable[Event]:
    return [] if life.handled == SOME[0] and not life.is_back else [one]


def drop_what_was_frozen(life: Life, one: Handled) -> Iterable[Event]:
    """All but the one that was in its hand while it was frozen."""
    before, life.told_at = life.told_at, time.time()
    return [] if before and life.told_at - before > 4 else [one]
