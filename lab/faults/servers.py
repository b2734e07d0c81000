"""Faults of Redis itself."""

import time
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from lab.faults.injection import Evidence, Injection, Proof
from lab.history.records import FORGETS_FROM
from lab.job import FailedRunError
from lab.run import Run
from lab.server import Server
from lab.servers import OnDisk, Own, Replicated
from starting.process import wait_until

AWAY = "while Redis was away"
LAG = 0.05  # seconds in which what was acknowledged reaches a replica, while nothing hinders it
Kind = TypeVar("Kind", bound=Server)


def own(run: Run, kind: type[Kind]) -> Kind:
    """The Redis of the run, which must be of this kind."""
    if not isinstance(run.server, kind):
        raise FailedRunError("This fault needs another kind of Redis.")
    return run.server


@dataclass(frozen=True)
class Restarted(Injection):
    """Redis is killed (kill -9) and started again with what it has on disk."""

    seconds: float = 1.0  # that it is away

    kind: ClassVar = "Redis restarted"
    cost: ClassVar[dict[str, Any]] = {
        "is_away": True,
        "empties_hands": True,
        "absence": AWAY,
        "stops_sender": True,
    }

    def prepare(self, run: Run) -> None:
        run.consumers.wait_for_handing(self.targets[0])

    def inject(self, run: Run) -> Proof:
        killed = own(run, Own).kill()
        return lambda: {"killed": killed}

    def without(self, run: Run) -> str:
        return "Redis did not die."

    def end(self, run: Run) -> Evidence:
        time.sleep(self.seconds)  # the fault itself
        own(run, Own).restart()
        return {}


@dataclass(frozen=True)
class Forgotten(Restarted):
    """The same, with nothing on disk."""

    cost: ClassVar = {**Restarted.cost, "forgets_from": 0.0, "where": "with Redis"}


@dataclass(frozen=True)
class PowerCut(Restarted):
    """The power of Redis's disk is cut, which keeps what was synced, and Redis is started again."""

    kind: ClassVar = "power cut"
    cost: ClassVar = {**Restarted.cost, "where": "not synced"}

    def prepare(self, run: Run) -> None:
        """Wait until it has synced twice under load: before that, nothing is known to be kept."""
        wait_until(lambda: own(run, OnDisk).kept_until(), self.within)
        super().prepare(run)

    def inject(self, run: Run) -> Proof:
        server = own(run, OnDisk)
        kept_until, cut = server.kept_until(), server.cut_power()
        losses = {path: loss for path, loss in cut.losses.items() if "appendonly" in path}
        dropped = sum((loss.written or 0) - (loss.kept or 0) for loss in losses.values())
        told = {FORGETS_FROM: kept_until, "bytes_dropped": dropped}
        return lambda: told if dropped and kept_until else {}

    def without(self, run: Run) -> str:
        return "All that Redis had written was synced when the power was cut."


@dataclass(frozen=True)
class FailedOver(Injection):
    """The link to the replica goes silent, the primary is killed, and the replica is promoted."""

    messages: int = 10  # that the primary acknowledges and the replica never gets
    seconds: float = 0.0  # that the link is silent beside that

    kind: ClassVar = "failover"
    cost: ClassVar = {**Restarted.cost, "where": "with the old primary"}
    within: ClassVar = 30.0

    def inject(self, run: Run) -> Proof:
        server = own(run, Replicated)
        silent = server.part()
        sent = run.producer.wait_for(self.messages)
        time.sleep(self.seconds)  # the fault itself
        promoted, withheld = server.fail_over(), server.withheld
        told = {FORGETS_FROM: silent - LAG, "killed": server.killed, "promoted": promoted}
        told |= {"withheld": withheld, "acknowledged_meanwhile": sent}
        return lambda: told if promoted and withheld else {}

    def without(self, run: Run) -> str:
        return "The replica was not promoted."

    def end(self, run: Run) -> Evidence:
        """Give the new primary a replica, as a person would."""
        own(run, Replicated).replicate()
        return {}


@dataclass(frozen=True)
class FailedOverWithWait(FailedOver):
    """The same with a sender that waits for the replica, so nothing that it counts as sent is gone.

    Nothing is acknowledged while the link is silent; some sends time out meanwhile.
    """

    messages: int = 0
    seconds: float = 1.0

    cost: ClassVar = {**FailedOver.cost, "keeps_sends": True}
