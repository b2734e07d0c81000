"""Faults of Redis itself."""

import time
from dataclasses import dataclass
from typing import Any, ClassVar

from lab.faults.injection import Evidence, Injection, Proof
from lab.run import Run

AWAY = "while Redis was away"


@dataclass(frozen=True)
class Restarted(Injection):
    """Redis is killed (kill -9) and started again with what it has on disk."""

    seconds: float = 1.0  # that it is away

    kind: ClassVar = "Redis restarted"
    cost: ClassVar[dict[str, Any]] = {"is_away": True, "absence": AWAY, "stops_sender": True}

    def prepare(self, run: Run) -> None:
        run.consumers.wait_for_handing(self.targets[0])

    def inject(self, run: Run) -> Proof:
        killed = run.server.kill()
        return lambda: {"killed": killed}

    def without(self, run: Run) -> str:
        return "Redis did not die."

    def end(self, run: Run) -> Evidence:
        time.sleep(self.seconds)  # the fault itself
        run.server.restart()
        return {}


@dataclass(frozen=True)
class Forgotten(Restarted):
    """The same, with nothing on disk."""

    cost: ClassVar = {**Restarted.cost, "forgets_from": 0.0, "where": "with Redis"}
