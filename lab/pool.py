"""Plans all runs of a comparison, and makes each in a process with a Redis of its own."""

import json
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from lab.scenarios import SCENARIOS
from lab.settings import Settings
from messaging.settings import KEY_PREFIX
from patterns import COMPARED
from starting.children import Children
from starting.process import spawn

SIDE_BY_SIDE = 4  # runs at a time, where speed is not measured; they mostly wait
QUICK_PLAIN = ("lost-push",)  # scenarios that --quick runs with the plain client too


@dataclass(frozen=True)
class Job:
    """One run of one scenario over one pattern with one client."""

    scenario: str
    pattern: str
    settings: Settings
    number: int  # of the repetition, from 1

    @property
    def name(self) -> str:
        return f"{self.scenario}-{self.pattern}-{self.settings.client}-{self.number}"

    def as_json(self) -> dict[str, Any]:
        """The job as it is written to job.json."""
        settings = asdict(self.settings)
        return {"scenario": self.scenario, "pattern": self.pattern, "settings": settings}


def plan(
    scenarios: Iterable[str], patterns: Iterable[str], settings: Settings, repeat: int
) -> Iterator[Job]:
    """All runs. Those that measure speed come last, because nothing may run beside them."""
    for scenario in sorted(scenarios, key=lambda name: SCENARIOS[name].alone):
        known = SCENARIOS[scenario]
        if settings.url and not known.harmless:
            continue
        if settings.listener and not known.any_listener:
            continue
        of_interest = known.client_matters and (not settings.quick or scenario in QUICK_PLAIN)
        with_plain = of_interest and not (settings.listener or settings.through_web)
        clients = ("ours", "plain") if with_plain else ("ours",)
        fitting = [pattern for pattern in patterns if known.fits(COMPARED[pattern])]
        for pattern, client, number in product(fitting, clients, range(1, repeat + 1)):
            seed = settings.seed + 1000 * (number - 1)
            yield Job(scenario, pattern, replace(settings, client=client, seed=seed), number)


class Pool:
    """Makes runs, several at a time where they do not disturb each other."""

    def __init__(self, folder: Path, children: Children) -> None:
        self._folder, self._children = folder, children
        self._deadlines: dict[str, float] = {}

    def make(
        self, jobs: Sequence[Job], show_progress: Callable[[int, int, float], None]
    ) -> list[dict[str, Any]]:
        """Make all runs and return the result of each; raises StopAskedError."""
        since, waiting, shown = time.monotonic(), list(jobs), 0
        show_progress(0, len(jobs), since)
        while waiting or self._children.running():
            while waiting and self._may_start(waiting[0]):
                self._start(waiting.pop(0))
            self._children.wait(0.2)
            self._end_overdue()
            done = len(jobs) - len(waiting) - len(self._children.running())
            if done != shown:
                show_progress(done, len(jobs), since)
                shown = done
        return [self._result(job) for job in jobs]

    def _may_start(self, job: Job) -> bool:
        is_alone = SCENARIOS[job.scenario].alone and not job.settings.quick
        return len(self._children.running()) < (1 if is_alone else SIDE_BY_SIDE)

    def _start(self, job: Job) -> None:
        folder = self._folder / job.name
        folder.mkdir(parents=True)
        (folder / "job.json").write_text(json.dumps(job.as_json()))
        environ = {}
        if job.settings.url:  # others use that Redis, so our keys need a prefix
            environ["KEY_PREFIX"] = f"{KEY_PREFIX}lab-{secrets.token_hex(4)}:"
        command = [sys.executable, "-m", "lab.job", str(folder)]
        with (folder / "job.txt").open("w") as errors:
            self._children.add(job.name, spawn(command, environ, DEVNULL, errors.fileno()))
        budget = SCENARIOS[job.scenario].budget + 2 * job.settings.kills
        self._deadlines[job.name] = time.monotonic() + budget

    def _end_overdue(self) -> None:
        for name in self._children.running():
            if time.monotonic() > self._deadlines[name]:
                self._children.stop(name)

    def _result(self, job: Job) -> dict[str, Any]:
        folder = self._folder / job.name
        if (folder / "result.json").exists():
            result: dict[str, Any] = json.loads((folder / "result.json").read_text())
            return result
        said = (folder / "job.txt").read_text().strip().splitlines()
        why = said[-1] if said else f"It did not end within {SCENARIOS[job.scenario].budget:.0f} s."
        return {**job.as_json(), "failed": why}
