"""Listeners that tell wrongly what they do: python -m tests.planted.telling PATTERN PLANT [options]

They take, work and acknowledge as ours do; each plant says what it tells instead of a message that
it has handled.
"""

import atexit
import json
import os
import runpy
import sys
from collections.abc import Callable, Iterable, Iterator

from messaging.receiving.contract import Ready
from messaging.receiving.events import Event, Handled, Started
from messaging.receiving.output import JsonLines, write
from tests.planted import drops, lies, order, repeats
from tests.planted.life import Life

Plant = Callable[[Life, Handled], Iterable[Event]]
tell = JsonLines.print


def truly(life: Life, one: Handled) -> Iterable[Event]:
    return [one]


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
    atexit.register(lambda: [tell(out, one) for one in order.kept])


if __name__ == "__main__":
    pattern, name = sys.argv.pop(1), sys.argv.pop(1)
    if name in ("halves", "banner"):
        next(globals()[name]())
    else:
        plants = {"truly": truly, **vars(drops), **vars(repeats), **vars(order), **vars(lies)}
        plant_in_output(plants[name])
    runpy.run_path(f"listeners/{pattern}.py", run_name="__main__")
