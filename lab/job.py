"""Makes the run that FOLDER/job.json names, and writes result.json: python -m lab.job FOLDER."""

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
FAILED = "failed"  # how a run ended that could not be judged


def failed(why: str) -> dict[str, Any]:
    """What result.json says of a run that has no history."""
    told = {"verdict": "broken", "words": "could not be measured", "broken": [why]}
    return told | {"ended": FAILED, "figures": {}, "charts": {}}


def make(job: Job, folder: Path) -> dict[str, Any]:
    """Play the scenario, which leaves a history in the folder, and judge that."""
    scenario = SCENARIOS[job.scenario]
    folder.mkdir(parents=True, exist_ok=True)
    with Run(COMPARED[job.pattern], job.settings, folder, *scenario.redis_options) as run:
        scenario.play(run)
        run.finish()
    return check(folder)


def end_stopped(*_: object) -> None:
    """Leave `with Run`, which ends its processes."""
    signal.alarm(1)  # try again, for Python swallows what a handler raises during a fork
    sys.exit(143)


def end_overdue(*_: object) -> None:
    """Do the same with a reason."""
    signal.alarm(1)
    raise FailedRunError(f"It did not end within {BUDGET} s.")


def main(folder: Path) -> int:
    fields = json.loads((folder / JOB).read_text())
    job = Job(**fields | {"settings": Settings(**fields["settings"])})
    signal.signal(signal.SIGTERM, end_stopped)
    signal.signal(signal.SIGALRM, end_overdue)
    signal.alarm(BUDGET + 2 * job.settings.kills)
    try:
        result = make(job, folder)
    except (FailedRunError, NotStartedError) as error:
        result = failed(str(error))
    (folder / RESULT).write_text(json.dumps(fields | result, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
