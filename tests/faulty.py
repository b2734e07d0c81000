"""Listeners with a fault planted in them: python -m tests.faulty PATTERN FAULT [options]

lose: each fifth message is not told; twice: it is told twice; invent: one that nobody sent is told;
early: a message is acknowledged before it is worked on; undying: the poison is never put aside.
"""

import os
import runpy
import signal
import sys
from collections.abc import Iterator
from typing import Any

from redis import Redis

from lab.workloads import POISON
from messaging.connection import BLOCK, as_bytes
from messaging.message import Message
from messaging.receiving import script
from messaging.receiving.contract import Batch, Consumer, Item, Ready
from messaging.receiving.events import Event, Handled
from messaging.receiving.loop import Loop
from messaging.receiving.output import JsonLines
from patterns import PATTERNS
from patterns.machinery.groups import acknowledge, join
from patterns.machinery.stream_store import lines_by_id
from patterns.reliable import RELIABLE
from patterns.stream import GROUP, STREAM

tell = JsonLines.print
EACH = 5
told = 0


def tell_wrongly(fault: str) -> Any:
    def print_wrongly(self: JsonLines, event: Event) -> None:
        global told
        if not isinstance(event, Handled):
            tell(self, event)
            return
        told += 1
        is_wrong, message = told % EACH == 0, event.message
        if not (is_wrong and fault == "lose"):
            tell(self, event)
        if is_wrong and fault == "twice":
            tell(self, event)
        if is_wrong and fault == "invent":
            invented = Message(message.body, "nobody", told, message.sent)
            tell(self, Handled(invented, event.arrived_at))

    return print_wrongly


handle = Loop._handle_line


def die_whatever_is_known(self: Loop, line: bytes, batch: Batch) -> None:
    if POISON.encode() in line:
        os.kill(os.getpid(), signal.SIGKILL)
    handle(self, line, batch)


def reliable(redis: Redis, consumer: Consumer) -> Iterator[Item]:
    yield Ready()
    while not consumer.stopping.is_set():
        line = redis.blmove(RELIABLE, "task:mine", BLOCK, "RIGHT", "LEFT")
        if line is not None:
            redis.lrem("task:mine", 1, line)  # type: ignore[arg-type]
            yield Batch([as_bytes(line)])


def stream(redis: Redis, consumer: Consumer) -> Iterator[Item]:
    join(redis, GROUP)
    yield Ready()
    while not consumer.stopping.is_set():
        read = redis.xreadgroup(GROUP, "early", {STREAM: ">"}, 1, BLOCK * 1000)
        for entries in dict(read).values():
            for id_, line in lines_by_id(entries).items():
                acknowledge(redis, GROUP, [id_])
                yield Batch([line])


if __name__ == "__main__":
    pattern, fault = sys.argv.pop(1), sys.argv.pop(1)
    if fault == "early":
        receive = {"reliable": reliable, "stream": stream}[pattern]
        sys.exit(script.listen(PATTERNS[pattern], receive, __doc__))
    if fault == "undying":
        Loop._handle_line = die_whatever_is_known  # type: ignore[method-assign]
    else:
        JsonLines.print = tell_wrongly(fault)  # type: ignore[method-assign]
    runpy.run_path(f"listeners/{pattern}.py", run_name="__main__")
