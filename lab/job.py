"""Makes the run that FOLDER/job.json names, and writes result.json: python -m lab.job FOLDER.

A run that cannot be judged has no result.json; the last line on stderr says why.
"""

import json
import signal
import sys
from pathlib import Path
from typing import Any

from lab.history import FailedRunError
from lab.run import Run
from lab.scenarios import SCENARIOS
from lab.settings import Job, Settings
from lab.verdict import check
from patterns import COMPARED
from starting.process import NotStartedError

JOB, RESULT = "job.json", "result.json"
BUDGET = 130  # seconds, after which a run is ended


def make(job: Job, folder: Path) -> dict[str, Any]:
    """Play the scenario, which leaves a history in the folder, and judge that."""
    scenario = SCENARIOS[job.scenario]
    with Run(COMPARED[job.pattern], job.settings, folder, *scenario.redis_options) as run:
        scenario.play(run)
        run.drain(scenario.deadline + job.settings.kills / 10)
        run.finish()
    return check(folder)


def end(number: int, _: object) -> None:
    """Leave `with Run`, which ends its processes."""
    signal.alarm(1)  # try again, for Python swallows what a handler raises during a fork
    if number == signal.SIGTERM:
        sys.exit(143)
    raise FailedRunError(f"It did not end within {BUDGET} s.")


def main(folder: Path) -> None:
    fields = json.loads((folder / JOB).read_text())
    job = Job(**fields | {"settings": Settings(**fields["settings"])})
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGALRM, end)
    signal.alarm(BUDGET + 2 * job.settings.kills)
    try:
        result = make(job, folder)
    except (FailedRunError, NotStartedError) as error:
        sys.exit(" ".join(str(error).split()))
    (folder / RESULT).write_text(json.dumps(fields | result, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
