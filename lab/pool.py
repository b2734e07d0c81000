"""Makes runs side by side: each in a folder and a process of its own, which is `lab.making`."""

import fcntl
import json
import secrets
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from lab.job import Job
from lab.judging.verdict import INVALID
from lab.scenarios import SCENARIOS
from messaging.settings import KEY_PREFIX
from starting.children import Children
from starting.process import NotStartedError, spawn

OURS = "made-by-the-lab"  # a file that marks the folder as the lab's
JOB, RESULT, ERRORS = "job.json", "result.json", "job.txt"
ASIDE = "invalid"  # a folder for the history of a first attempt that has measured nothing
SIDE_BY_SIDE = 5  # runs at a time, where speed is not measured; they mostly wait
QUICKLY = 7  # the same with --quick, where no speed is measured
BAR = 30  # characters
FAILED = "failed"  # how a run ended that could not be judged


@contextmanager
def folder_for(results: Path) -> Iterator[Path]:
    """Remove the last comparison's raw lines, and lock the empty folder while inside."""
    raw = results / "raw"
    try:
        raw.mkdir(parents=True, exist_ok=True)
        if any(raw.iterdir()) and not (raw / OURS).exists():
            raise NotStartedError(
                f"{raw} has files in it that are not the lab's. Name another one."
            )
        with (raw / OURS).open("w") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (results / "summary.json").unlink(missing_ok=True)
            for folder in raw.glob("*/"):
                shutil.rmtree(folder)
            yield raw
    except BlockingIOError:
        raise NotStartedError(f"Another comparison writes to {results} just now.") from None
    except OSError as error:
        raise NotStartedError(f"{results} cannot be used: {error.strerror}.") from error


def make_all(jobs: Sequence[Job], folder: Path, children: Children) -> list[dict[str, Any]]:
    """Make all runs, some of them side by side, and return their results; raises StopAskedError."""
    since, waiting, done = time.monotonic(), list(jobs), -1
    while done < len(jobs):
        while waiting and len(children.running()) < side_by_side(waiting[0]):
            start(waiting.pop(0), folder, children)
        if (ended := len(jobs) - len(waiting) - len(children.running())) > done:
            done = ended
            show_progress(done, len(jobs), since)
        else:
            children.wait()
    return [result(job, folder / job.name) for job in jobs]


def side_by_side(job: Job) -> int:
    """How many runs at a time there may be with this one."""
    if job.settings.quick:
        return QUICKLY
    return 1 if SCENARIOS[job.scenario].alone else SIDE_BY_SIDE


def start(job: Job, folder: Path, children: Children) -> None:
    run = folder / job.name
    run.mkdir(parents=True)
    (run / JOB).write_text(json.dumps(asdict(job)))
    environ = {}
    if job.settings.url:  # others use that Redis, so our keys need a prefix
        environ["KEY_PREFIX"] = f"{KEY_PREFIX}lab-{secrets.token_hex(4)}:"
    command = [sys.executable, "-m", "lab.making", str(run)]
    with (run / ERRORS).open("w") as errors:
        children.add(job.name, spawn(command, environ, DEVNULL, errors.fileno()))


def show_progress(done: int, runs: int, since: float) -> None:
    """Redraw a bar in a terminal; into a file, write a line for every tenth run."""
    full = "█" * (BAR * done // runs)
    text = f"{full:░<{BAR}} {done} of {runs} runs, {time.monotonic() - since:,.0f} s"
    if sys.stderr.isatty():
        print(f"\r{text}", end="\n" if done == runs else "", file=sys.stderr, flush=True)
    elif done % 10 == 0 or done == runs:
        print(text, file=sys.stderr, flush=True)


def result(job: Job, folder: Path) -> dict[str, Any]:
    """What a run has written, or why it has written nothing."""
    if (folder / RESULT).exists():
        return dict(json.loads((folder / RESULT).read_text()))
    said = (folder / ERRORS).read_text().strip().splitlines() or ["It ended without a word."]
    told = {"verdict": INVALID, "words": "could not be measured", "broken": said[-1:]}
    return {**asdict(job), **told, "ended": FAILED, "figures": {}, "charts": {}}
