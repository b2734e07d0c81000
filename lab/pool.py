"""Plans all runs of a comparison, and makes each in a process with a Redis of its own."""

import json
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from lab.job import JOB, RESULT, failed
from lab.scenarios import SCENARIOS
from lab.settings import Job, Settings
from messaging.settings import KEY_PREFIX
from patterns import COMPARED
from starting.children import Children

SIDE_BY_SIDE = 4  # runs at a time, where speed is not measured; they mostly wait
BUDGET = 130  # seconds, after which a run is ended


def plan(
    scenarios: Iterable[str], patterns: Iterable[str], settings: Settings, repeat: int
) -> Iterator[Job]:
    """All runs. Those that measure speed come last, because nothing may run beside them."""
    for known in sorted((SCENARIOS[name] for name in scenarios), key=lambda one: one.alone):
        if (settings.url and not known.harmless) or (settings.listener and not known.any_listener):
            continue
        clients = ["ours"]
        if not (settings.listener or settings.through_web):
            clients += ["plain"] * (
                known.quick_plain if settings.quick else known.where_client_matters
            )
        fitting = [pattern for pattern in patterns if known.fits(COMPARED[pattern])]
        for pattern, client, number in product(fitting, clients, range(1, repeat + 1)):
            seed = settings.seed + 1000 * (number - 1)
            yield Job(known.name, pattern, replace(settings, client=client, seed=seed), number)


class Pool:
    """Makes runs, several at a time where they do not disturb each other."""

    def __init__(self, folder: Path, children: Children) -> None:
        self._folder, self._children = folder, children
        self._deadlines: dict[str, float] = {}

    def make(
        self, jobs: Sequence[Job], show_progress: Callable[[int, int, float], None]
    ) -> list[dict[str, Any]]:
        """Make all runs and return the result of each; raises StopAskedError."""
        since, waiting, shown = time.monotonic(), list(jobs), -1
        while waiting or self._children.running():
            while waiting and self._may_start(waiting[0]):
                self._start(waiting.pop(0))
            done = len(jobs) - len(waiting) - len(self._children.running())
            if done != shown:
                show_progress(done, len(jobs), since)
                shown = done
            self._children.wait(0.2)
            self._end_overdue()
        show_progress(len(jobs), len(jobs), since)
        return [self._result(job) for job in jobs]

    def _may_start(self, job: Job) -> bool:
        is_alone = SCENARIOS[job.scenario].alone and not job.settings.quick
        return len(self._children.running()) < (1 if is_alone else SIDE_BY_SIDE)

    def _start(self, job: Job) -> None:
        folder = self._folder / job.name
        folder.mkdir(parents=True)
        (folder / JOB).write_text(json.dumps(asdict(job)))
        environ = {}
        if job.settings.url:  # others use that Redis, so our keys need a prefix
            environ["KEY_PREFIX"] = f"{KEY_PREFIX}lab-{secrets.token_hex(4)}:"
        command = [sys.executable, "-m", "lab.job", str(folder)]
        with (folder / "job.txt").open("w") as errors:
            self._children.start(job.name, command, DEVNULL, errors.fileno(), environ)
        self._deadlines[job.name] = time.monotonic() + BUDGET + 2 * job.settings.kills

    def _end_overdue(self) -> None:
        for name in self._children.running():
            if time.monotonic() > self._deadlines[name]:
                self._children.stop(name)

    def _result(self, job: Job) -> dict[str, Any]:
        folder = self._folder / job.name
        if (folder / RESULT).exists():
            result: dict[str, Any] = json.loads((folder / RESULT).read_text())
            return result
        said = (folder / "job.txt").read_text().strip().splitlines()
        why = said[-1] if said else f"It did not end within {BUDGET} s."
        return asdict(job) | failed(why)
