"""Senders with something planted: python -m tests.planted.sending PLANT PATTERN CLIENT

Each plant stands in the place of `lab.producer.Sending`, for the load that is no probe.
"""

import sys
from collections.abc import Sequence
from typing import Any

from lab import producer
from lab.history.records import ACKNOWLEDGED, MAIN, REFUSED, UNKNOWN
from lab.producer import Send, Sending
from lab.workloads import Load

FEW, EACH = 3, 10  # writes


class Planted(Sending):
    """Counts the writes of the load."""

    writes = 0

    def __init__(self, load: Load, send: Send, is_direct: bool) -> None:
        is_main = load.phase == MAIN
        super().__init__(load, self.wrong(send) if is_main else send, is_direct)
        self.is_wrong = is_main

    def wrong(self, send: Send) -> Send:
        def count_and_send(bodies: Sequence[str]) -> dict[str, Any]:
            self.writes += 1
            return self.send_wrongly(send, bodies)

        return count_and_send

    def send_wrongly(self, send: Send, bodies: Sequence[str]) -> dict[str, Any]:
        return send(bodies)


class Refuse(Planted):
    """All but a few writes are refused."""

    def send_wrongly(self, send: Send, bodies: Sequence[str]) -> dict[str, Any]:
        return send(bodies) if self.writes <= FEW else {"outcome": REFUSED}


class Skip(Planted):
    """Each tenth write is left out, and nothing said of it."""

    def _write(self, due: Sequence[float]) -> None:
        self.writes += self.is_wrong
        if not self.is_wrong or self.writes % EACH:
            super()._write(due)

    def wrong(self, send: Send) -> Send:
        return send


class GiveUp(Planted):
    """It ends after a few messages."""

    def _is_due(self, number: int, at: float) -> bool:
        return not (self.is_wrong and number >= FEW) and super()._is_due(number, at)


class Claim(Planted):
    """Each tenth write is said to be sent, and is not."""

    def send_wrongly(self, send: Send, bodies: Sequence[str]) -> dict[str, Any]:
        if self.writes % EACH:
            return send(bodies)
        return {"outcome": ACKNOWLEDGED, "from": "web-claimed", "first": self.writes}


class Twice(Planted):
    """Each tenth write is made twice, and the second one not told of."""

    def send_wrongly(self, send: Send, bodies: Sequence[str]) -> dict[str, Any]:
        told = send(bodies)
        if self.writes % EACH == 0:
            send(bodies)
        return told


class Nameless(Planted):
    """Of a write whose reply was lost, it does not say which numbers it had."""

    def send_wrongly(self, send: Send, bodies: Sequence[str]) -> dict[str, Any]:
        told = send(bodies)
        return {"outcome": UNKNOWN} if told["outcome"] == UNKNOWN else told


if __name__ == "__main__":
    plants = {plant.__name__: plant for plant in Planted.__subclasses__()}
    producer.Sending = plants[sys.argv.pop(1)]  # type: ignore[misc]
    producer.main(*sys.argv[1:])
