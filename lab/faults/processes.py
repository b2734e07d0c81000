"""Faults of listeners: stopped, killed, frozen, or too slow."""

import signal
import time
from dataclasses import dataclass
from typing import ClassVar

from lab.consumer import runs
from lab.faults.injection import CUT_OFF, Evidence, Injection, Proof
from lab.history.records import BACKLOG_UNTIL
from lab.run import Run
from lab.systems import Listener


@dataclass(frozen=True)
class Stopped(Injection):
    """Listeners are stopped with SIGTERM as a deployment would, and started again."""

    messages: int = 5  # that are sent before they are started again
    is_calm: bool = False  # nothing is sent while they stop

    kind: ClassVar = "stopped"
    cost: ClassVar = {"is_away": True}

    def prepare(self, run: Run) -> None:
        if self.is_calm:
            run.pause()

    def inject(self, run: Run) -> Proof:
        evidence = run.consumers.stop(*self.targets)
        if self.is_calm:
            run.go_on()
        return lambda: evidence

    def without(self, run: Run) -> str:
        return f"{self.targets} were not stopped."

    def end(self, run: Run) -> Evidence:
        sent = run.producer.wait_for(self.messages)
        until = time.time()
        run.consumers.bring_back(*self.targets)
        return {"sent_meanwhile": sent, BACKLOG_UNTIL: until}

    def lasted(self, evidence: Evidence) -> bool:
        return bool(evidence["sent_meanwhile"] >= self.messages)


@dataclass(frozen=True)
class Joined(Injection):
    """A listener comes that was not there before."""

    messages: int = 200  # that are sent before it comes

    kind: ClassVar = "joined"

    def prepare(self, run: Run) -> None:
        run.producer.wait_for(self.messages)

    def inject(self, run: Run) -> Proof:
        (name,) = self.targets
        run.consumers.start(Listener(name))
        run.consumers.wait_ready(name)
        return lambda: {"received": name} if run.consumers.have_received(name) else {}

    def without(self, run: Run) -> str:
        return f"{self.targets[0]} came and received nothing."


@dataclass(frozen=True)
class Killed(Injection):
    """A listener is killed (kill -9) with a message in its hand, and started again."""

    kind: ClassVar = "killed"
    cost: ClassVar = {"is_away": True, "empties_hands": True, "needs_hands": True}

    def prepare(self, run: Run) -> None:
        run.consumers.wait_for_handing(self.targets[0])

    def inject(self, run: Run) -> Proof:
        consumer = run.consumers.by_name[self.targets[0]]
        run.consumers.breaches += run.consumers.last_words(*self.targets)
        processes = run.system.kill(consumer)
        return lambda: {} if any(map(runs, processes)) else {"dead": [one.pid for one in processes]}

    def without(self, run: Run) -> str:
        return f"{self.targets[0]} did not die."

    def end(self, run: Run) -> Evidence:
        run.consumers.bring_back(*self.targets)
        return {}


@dataclass(frozen=True)
class ChildKilled(Injection):
    """One of the processes that a listener started is killed; the others must go on without us."""

    kind: ClassVar = "a child killed"
    cost: ClassVar = {"empties_hands": True, "spares_open_lines": True}

    def prepare(self, run: Run) -> None:
        run.consumers.wait_for_handing(self.targets[0])

    def inject(self, run: Run) -> Proof:
        consumer = run.consumers.by_name[self.targets[0]]
        killed = run.system.kill_child(consumer)

        def is_dead() -> Evidence:
            if not killed or any(map(runs, killed)):
                return {}
            return {"dead": [one.pid for one in killed], "left": len(consumer.members())}

        return is_dead

    def without(self, run: Run) -> str:
        return f"{self.targets[0]} has no process of its own that could be killed."


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
        return "The listener did not freeze."

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
    cost: ClassVar = {"is_away": True, "absence": CUT_OFF}
    within: ClassVar = 30.0

    def inject(self, run: Run) -> Proof:
        frozen = run.consumers.by_name[self.targets[0]]
        its = run.consumers.witnesses[self.targets[0]].connections()
        there = {one for one in run.server.subscribers() or () if one[1] in its}
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
