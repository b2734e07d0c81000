"""A message that kills each listener that begins with it."""

import signal
import time
from dataclasses import dataclass
from typing import ClassVar

from lab.faults.injection import Injection, Proof
from lab.history.records import Fault
from lab.run import Run
from starting.process import wait_until

DYING = 1.0  # second that a process may take to die


@dataclass(frozen=True)
class Poisoned(Injection):
    """A message of the load kills whoever begins with it; who died is started again."""

    kind: ClassVar = "poisoned"
    cost: ClassVar = {"is_away": True, "empties_hands": True, "where": "the poison"}

    def strike(self, run: Run) -> None:
        """Restart each listener that dies, until nobody dies any more; count the deaths."""
        deaths, hearers = 0, len(self.targets) if run.pattern.everyone_hears else 1
        tries, alive_at = run.system.promise.tries, time.time()

        def dead() -> list[str]:
            nonlocal alive_at
            before, found = time.time(), self._dead(run)
            alive_at = alive_at if found else before
            return found

        while deaths <= max(1, tries) * hearers:
            # A lease may have to expire before the next one tries it.
            seconds = run.system.redelivers_within if tries else 1
            if not wait_until(dead, seconds if deaths else 20):
                break
            deaths += self._revive(run, alive_at)
            if len(run.server.dead_letters()) == hearers:
                break
        run.notes.figures["tries"] = deaths
        if not deaths:
            missing = [self.without(run)]
            run.notes.faults.append(Fault(self.kind, time.time(), time.time(), missing=missing))

    def _dead(self, run: Run) -> list[str]:
        ends = {name: one.popen.poll() for name, one in run.consumers.by_name.items()}
        return [name for name, code in ends.items() if code == -signal.SIGKILL]

    def _revive(self, run: Run, alive_at: float) -> int:
        """Start those that died after that moment again, and note it; returns how many."""
        there, dead, found = run.server.subscribers(), self._dead(run), time.time()
        witnesses = [run.consumers.witnesses[name] for name in dead]
        # Who dies closes its connections first, and is seen to be dead a moment later.
        closed = [at for one in witnesses for at in one.closings(alive_at - DYING)]
        alive_at = min([alive_at, *closed])
        run.consumers.bring_back(*dead)
        wait_until(lambda: self._are_back(run, there, dead), 3)
        until = time.time()
        evidence = {"killed": dead}
        run.notes.faults.append(
            Fault(self.kind, alive_at, until, found, dead, evidence=evidence, **self.cost)
        )
        return len(dead)

    def inject(self, run: Run) -> Proof:
        return dict

    def without(self, run: Run) -> str:
        return "The poison killed nobody."
