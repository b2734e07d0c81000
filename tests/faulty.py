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

from lab.parts import POISON
from listeners.stream import acknowledge
from messaging.connection import BLOCK, Client
from messaging.groups import join
from messaging.listener import Listener
from messaging.listening import listen
from messaging.message import Message
from messaging.names import GROUP, RELIABLE, STREAM
from messaging.printing import Json
from messaging.stopping import Stopping

tell = Json.message
EACH = 5
told = 0


def tell_wrongly(fault: str) -> Any:
    def message(self: Json, message: Message, received: float) -> None:
        global told
        told += 1
        is_wrong = told % EACH == 0
        if not (is_wrong and fault == "lose"):
            tell(self, message, received)
        if is_wrong and fault == "twice":
            tell(self, message, received)
        if is_wrong and fault == "invent":
            tell(self, Message(message.body, "nobody", told, message.sent), received)

    return message


def die_whatever_is_known(self: Listener, line: bytes, failures: int = 0) -> None:
    if POISON.encode() in line:
        os.kill(os.getpid(), signal.SIGKILL)
    handle(self, line, failures)


handle = Listener.handle


def reliable(redis: Client, stopping: Stopping) -> Iterator[list[bytes]]:
    yield []
    while not stopping.is_set():
        line = redis.blmove(RELIABLE, "task:mine", BLOCK, "RIGHT", "LEFT")
        if line is not None:
            redis.lrem("task:mine", 1, line)
            yield [line]


def stream(redis: Client, stopping: Stopping) -> Iterator[list[bytes]]:
    join(redis, GROUP)
    yield []
    while not stopping.is_set():
        read = redis.xreadgroup(GROUP, "early", {STREAM: ">"}, 1, BLOCK * 1000)
        for id_, fields in read[0][1] if read else []:
            acknowledge(redis, GROUP, [id_])
            yield [fields[b"line"]]


if __name__ == "__main__":
    pattern, fault = sys.argv.pop(1), sys.argv.pop(1)
    if fault == "early":
        place, receive = {"reliable": (RELIABLE, reliable), "stream": (STREAM, stream)}[pattern]
        sys.exit(listen(pattern, place, receive, lambda redis: 0))
    if fault == "undying":
        Listener.handle = die_whatever_is_known  # type: ignore[method-assign]
    else:
        Json.message = tell_wrongly(fault)  # type: ignore[method-assign]
    runpy.run_path(f"listeners/{pattern}.py", run_name="__main__")
