"""Plants of tests.planted.telling that tell of messages once more."""

from collections.abc import Iterable

from messaging.receiving.events import Event, Handled
from tests.planted.life import FEW, Life


def few_twice(life: Life, one: Handled) -> Iterable[Event]:
    return [one, one] if life.handled in FEW and not life.is_back else [one]


def first_three_times(life: Life, one: Handled) -> Iterable[Event]:
    """Once more and again what was, or may have been, in its hand when it was cut off."""
    return [one] * (3 if life.is_back and life.since == 1 else 1)
