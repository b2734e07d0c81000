"""Listeners that tell wrongly what they do: python -m tests.planted.telling PATTERN PLANT [options]

They take, work and acknowledge as ours do; each plant says what it tells instead of a message that
it has handled.
"""

import atexit
import json
import os
import random
import runpy
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from messaging.message import Message
from messaging.receiving.contract import Ready
from messaging.receiving.events import DeadLetter, Event, Handled, Started
from messaging.receiving.output import JsonLines, write
from tests.planted.life import Life

Plant = Callable[[Life, Handled], Iterable[Event]]
HOUR = 3600.0  # seconds
FEW, SOME = range(4, 8), range(4, 9)  # messages of a life: the fourth, …; four, and five of them
tell = JsonLines.print
kept: list[Handled] = []  # handled and not told yet


def with_message(one: Handled, **fields: Any) -> Handled:
    return replace(one, message=replace(one.message, **fields))


def truly(life: Life, one: Handled) -> Iterable[Event]:
    return [one]


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


def few_twice(life: Life, one: Handled) -> Iterable[Event]:
    return [one, one] if life.handled in FEW and not life.is_back else [one]


def first_three_times(life: Life, one: Handled) -> Iterable[Event]:
    """Once more and again what was, or may have been, in its hand when it was cut off."""
    return [one] * (3 if life.is_back and life.since == 1 else 1)


def drop_some(life: Life, one: Handled) -> Iterable[Event]:
    return [] if life.handled in SOME and not life.is_back else [one]


def drop_one(life: Life, one: Handled) -> Iterable[Event]:
    return [] if life.handled == SOME[0] and not life.is_back else [one]


def drop_what_was_frozen(life: Life, one: Handled) -> Iterable[Event]:
    """All but the one that was in its hand while it was frozen."""
    before, life.told_at = life.told_at, time.time()
    return [] if before and life.told_at - before > 4 else [one]


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


def halves() -> Iterator[None]:
    """Not a wrong word: half a line when the work begins, and the rest when it is done."""

    def print_in_halves(self: JsonLines, event: Event) -> None:
        if isinstance(event, Started):
            write(json.dumps({"id": event.message.id, "body": event.message.body})[:-1])
        elif isinstance(event, Handled):
            write(f', "received": {event.arrived_at}}}\n')
        else:
            tell(self, event)

    JsonLines.print = print_in_halves  # type: ignore[method-assign]
    yield


def banner() -> Iterator[None]:
    """Not a wrong word: lines that look like messages before the first one."""
    write('{"listening": true, "id": "web-1-1"}\n[1, 2]\n"body"\n{"id": "web-1-1", "body": \n')
    yield


def plant_in_output(plant: Plant) -> None:
    life = Life()

    def print_wrongly(self: JsonLines, event: Event) -> None:
        if isinstance(event, Ready):
            life.connect()
        if not isinstance(event, Handled):
            tell(self, event)
            return
        life.handle()
        for one in plant(life, event):
            tell(self, one)

    JsonLines.print = print_wrongly  # type: ignore[method-assign]
    out = JsonLines(os.environ["NAME"], "")
    atexit.register(lambda: [tell(out, one) for one in kept])


if __name__ == "__main__":
    pattern, name = sys.argv.pop(1), sys.argv.pop(1)
    if name in ("halves", "banner"):
        next(globals()[name]())
    else:
        plant_in_output(globals()[name])
    runpy.run_path(f"listeners/{pattern}.py", run_name="__main__")
