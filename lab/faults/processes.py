"""Faults of listeners: stopped, killed, frozen, too slow, killed by what they receive."""

import signal
import time
from dataclasses import dataclass
from typing import ClassVar

from lab.consumer import runs
from lab.faults.injection import Evidence, Injection, Proof
from lab.history.records import BACKLOG_UNTIL, Fault
from lab.run import Run
from starting.process import wait_until

NOT_FROZEN = "The listener did not freeze."


@dataclass(frozen=True)
class Stopped(Injection):
    """Listeners are stopped with SIGTERM as a deployment would, and started again."""

    messages: int = 5  # that are sent before they are started again

    kind: ClassVar = "stopped"
    cost: ClassVar = {"is_away": True}

    def inject(self, run: Run) -> Proof:
        evidence = run.consumers.stop(*self.targets)
        return lambda: evidence

    def without(self, run: Run) -> str:
        return f"{self.targets} were not stopped."

    def end(self, run: Run) -> Evidence:
        run.producer.wait_for(self.messages)
        until = time.time()
        run.consumers.start_again(*self.targets)
        run.consumers.wait_ready(*self.targets)
        return {"sent_meanwhile": self.messages, BACKLOG_UNTIL: until}


@dataclass(frozen=True)
class Joined(Injection):
    """A listener comes that was not there before."""

    messages: int = 200  # that are sent before it comes

    kind: ClassVar = "joined"

    def prepare(self, run: Run) -> None:
        run.producer.wait_for(self.messages)

    def inject(self, run: Run) -> Proof:
        (name,) = self.targets
        run.consumers.start(name)
        run.consumers.wait_ready(name)
        return lambda: {"received": name} if run.consumers.have_received(name) else {}

    def without(self, run: Run) -> str:
        return f"{self.targets[0]} came and received nothing."


@dataclass(frozen=True)
class Killed(Injection):
    """A listener is killed (kill -9) with a message in its hand, and started again."""

    kind: ClassVar = "killed"
    cost: ClassVar = {"is_away": True, "needs_hands": True}

    def prepare(self, run: Run) -> None:
        run.consumers.wait_for_handing(self.targets[0])

    def inject(self, run: Run) -> Proof:
        consumer = run.consumers.by_name[self.targets[0]]
        run.consumers.breaches += run.consumers.last_words(*self.targets)
        processes = consumer.members()
        consumer.kill()
        return lambda: {} if any(map(runs, processes)) else {"dead": [one.pid for one in processes]}

    def without(self, run: Run) -> str:
        return f"{self.targets[0]} did not die."

    def end(self, run: Run) -> Evidence:
        run.consumers.start_again(*self.targets)
        run.consumers.wait_ready(*self.targets)
        return {}


@dataclass(frozen=True)
class Frozen(Injection):
    """A listener is stopped with SIGSTOP while it works on a message, and goes on later."""

    seconds: float = 5.0

    kind: ClassVar = "frozen"
    cost: ClassVar = {"needs_hands": True}

    def prepare(self, run: Run) -> None:
        run.consumers.wait_for_handing(self.targets[0])

    def inject(self, run: Run) -> Proof:
        frozen = run.consumers.by_name[self.targets[0]]
        frozen.gets(signal.SIGSTOP)
        pids = [one.pid for one in frozen.members()]
        return lambda: {"frozen": pids} if frozen.is_frozen() else {}

    def without(self, run: Run) -> str:
        return NOT_FROZEN

    def end(self, run: Run) -> Evidence:
        time.sleep(self.seconds)  # the fault itself
        frozen = run.consumers.by_name[self.targets[0]]
        was_frozen = frozen.is_frozen()
        frozen.gets(signal.SIGCONT)
        return {"was_frozen_to_the_end": was_frozen}

    def lasted(self, evidence: Evidence) -> bool:
        return bool(evidence["was_frozen_to_the_end"])


@dataclass(frozen=True)
class Overflowed(Injection):
    """A subscriber stops reading (SIGSTOP) until Redis cuts it off, and then goes on."""

    kind: ClassVar = "cut off"
    cost: ClassVar = {"is_away": True, "absence": "while cut off"}
    within: ClassVar = 30.0

    def inject(self, run: Run) -> Proof:
        frozen = run.consumers.by_name[self.targets[0]]
        ports = run.consumers.witnesses[self.targets[0]].connections()
        all_there = run.server.subscribers() or ()
        there = {one for one in all_there if int(one[1].rpartition(":")[2]) in ports}
        frozen.gets(signal.SIGSTOP)

        def is_cut_off() -> Evidence:
            gone = there - (run.server.subscribers() or set())
            return {"gone": sorted(gone)} if gone and frozen.is_frozen() else {}

        return is_cut_off

    def without(self, run: Run) -> str:
        return "Redis did not cut it off."

    def end(self, run: Run) -> Evidence:
        run.producer.wait_for(20)
        run.consumers.by_name[self.targets[0]].gets(signal.SIGCONT)
        return {}


@dataclass(frozen=True)
class Poisoned(Injection):
    """A message of the load kills whoever begins with it; who died is started again."""

    kind: ClassVar = "poisoned"
    cost: ClassVar = {"is_away": True, "where": "the poison"}

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
            seconds = 6 if tries else 1  # a lease may have to expire before the next one tries it
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
        there, dead = run.server.subscribers(), self._dead(run)
        run.consumers.start_again(*dead)
        run.consumers.wait_ready(*dead)
        wait_until(lambda: self._are_back(run, there), 3)
        until = time.time()
        evidence = {"killed": dead}
        run.notes.faults.append(
            Fault(self.kind, alive_at, until, until, dead, evidence=evidence, **self.cost)
        )
        return len(dead)

    def inject(self, run: Run) -> Proof:
        return dict

    def without(self, run: Run) -> str:
        return "The poison killed nobody."
