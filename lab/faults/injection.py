"""What every fault declares, and how it strikes a run."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from lab.history.records import FORGETS_FROM, SENDER, Fault
from lab.run import Run
from starting.process import wait_until

CUT_OFF = "while cut off"  # where messages were lost, in the words of the table
BEFORE = 20  # messages that are sent before a fault, so that there is load when it strikes

Evidence = Mapping[str, Any]
Proof = Callable[[], Evidence]


@dataclass(frozen=True)
class Injection(ABC):
    """Something that is done to a run while its load goes on."""

    targets: Sequence[str] = ()  # listeners, or the sender

    kind: ClassVar[str]
    cost: ClassVar[Mapping[str, Any]] = {}  # fields of `Fault`: what it may cost
    within: ClassVar[float] = 5.0  # seconds in which its evidence is to be there

    may_list: ClassVar[bool] = False  # whether it lists the clients of a Redis that others use

    def prepare(self, run: Run) -> None:  # noqa: B027 # most need no preparation
        """Wait for the moment at which it is to strike."""

    @abstractmethod
    def inject(self, run: Run) -> Proof:
        """Let it begin; returns what proves that it has happened, empty as long as nothing does."""

    @abstractmethod
    def without(self, run: Run) -> str:
        """The sentence on why a run without that evidence says nothing."""

    def end(self, run: Run) -> Evidence:
        """Let it end; returns further evidence."""
        return {}

    def lasted(self, evidence: Evidence) -> bool:
        """Whether it went on until it was ended."""
        return True

    def strike(self, run: Run) -> None:
        """Let it happen under load, end it, and wait until all receive again; note all that."""
        run.producer.wait_for(BEFORE)
        there = run.server.subscribers() if self.may_list or not run.settings.url else None
        self.prepare(run)
        at = time.time()
        evidence = wait_until(self.inject(run), self.within)
        happened = time.time()
        is_proven = bool(evidence)
        evidence = {**evidence, **self.end(run)}
        missing = [] if is_proven and self.lasted(evidence) else [self.without(run)]
        if self.cost.get("is_away") and not wait_until(
            lambda: self._are_back(run, there, self.targets), run.system.promise.back_within
        ):
            run.notes.breaches.append(f"Not all came back of {', '.join(self.targets)}.")
        until = time.time()
        stamps: dict[str, Any] = {"happened": happened, "evidence": evidence, "missing": missing}
        if FORGETS_FROM in evidence:
            stamps[FORGETS_FROM] = evidence[FORGETS_FROM]
        if SENDER in self.targets:
            stamps["stops_sender"] = True
        cost = {**self.cost, **stamps}
        run.notes.faults.append(Fault(self.kind, at, until, targets=self.targets, **cost))
        run.wait_for_all(until)

    def _are_back(
        self, run: Run, before: set[tuple[str, str]] | None, names: Sequence[str]
    ) -> bool:
        """Return whether Redis lists a new subscriber for each, where that can be asked."""
        if run.pattern.keeps or before is None:
            return True
        away = [name for name in names if name in run.consumers.by_name]
        return len((run.server.subscribers() or set()) - before) >= len(away)
