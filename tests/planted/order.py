"""Plants of tests.planted.telling that tell of messages in another order."""

import random
from collections.abc import Iterable

from messaging.receiving.events import Event, Handled
from tests.planted.life import Life

kept: list[Handled] = []  # handled and not told yet


def swapped(life: Life, one: Handled) -> Iterable[Event]:
    """Two after each other in the wrong order, once it has come again."""
    if not life.is_back:
        return [one]
    kept.append(one)
    return [kept.pop(), kept.pop()] if len(kept) == 2 else []


def shuffled(life: Life, one: Handled) -> Iterable[Event]:
    """Ten in any order, once it has come again."""
    if not life.is_back:
        return [one]
    kept.append(one)
    if len(kept) < 10:
        return []
    ten = random.Random(life.handled).sample(kept, len(kept))
    kept.clear()
    return ten
