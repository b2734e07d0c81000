"""Makes one run of the lab, in a process of its own: python -m lab.making FOLDER

It makes the run that FOLDER/job.json names, and writes result.json. A run that cannot be judged has
none; the last line on stderr says why.
"""

import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis import RedisError

from lab.job import FailedRunError, Job, Settings
from lab.judging.verdict import INVALID
from lab.pool import ASIDE, ERRORS, JOB, RESULT
from lab.report.result import check
from lab.run import Run
from lab.scenarios import SCENARIOS
from lab.witness import can_be_watched
from patterns import COMPARED
from starting.process import NotStartedError

BUDGET = 130  # seconds, after which a run is ended


def make(job: Job, folder: Path) -> dict[str, Any]:
    """Play the scenario, which leaves a history in the folder, and judge that."""
    scenario, settings = SCENARIOS[job.scenario], job.settings
    run = Run(
        COMPARED[job.pattern],
        settings,
        folder,
        *scenario.redis_options,
        kind=scenario.redis,
        is_watched=scenario.is_watched and can_be_watched(settings.url),
    )
    with run:
        scenario.play(run)
    return check(folder)


def make_again_if_invalid(job: Job, folder: Path) -> dict[str, Any]:
    """Make a run, and once more if the first one says nothing: a busy machine may be why."""
    budget = BUDGET + 2 * job.settings.kills
    signal.alarm(budget)
    try:
        told = make(job, folder)
        if told["verdict"] != INVALID:
            return told
    except (FailedRunError, NotStartedError, RedisError):
        pass
    aside = folder / ASIDE
    aside.mkdir()
    for file in [*folder.iterdir()]:
        if file.name not in (aside.name, JOB, ERRORS):
            file.rename(aside / file.name)
    signal.alarm(budget)
    return make(job, folder)


def stop(*_: object) -> None:
    """Leave `with Run`, which ends its processes, and the program."""
    try_again_with(stop)
    sys.exit(143)


def give_up(*_: object) -> None:
    """Leave `with Run`, which ends its processes."""
    try_again_with(give_up)
    raise FailedRunError(f"It did not end within {BUDGET} s.")


def try_again_with(handler: Callable[..., None]) -> None:
    """In a second, for Python swallows what a handler raises during a fork."""
    signal.signal(signal.SIGALRM, handler)
    signal.alarm(1)


def main(folder: Path) -> None:
    fields = json.loads((folder / JOB).read_text())
    job = Job(**fields | {"settings": Settings(**fields["settings"])})
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGALRM, give_up)
    try:
        told = make_again_if_invalid(job, folder)
    except (FailedRunError, NotStartedError) as error:
        sys.exit(" ".join(str(error).split()))
    (folder / RESULT).write_text(json.dumps(fields | told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
