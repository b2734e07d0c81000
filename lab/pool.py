"""Plans all runs of a comparison, and makes each in a process and a folder of its own."""

import fcntl
import json
import secrets
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from lab.job import JOB, RESULT
from lab.scenarios import SCENARIOS
from lab.settings import Job, Settings
from messaging.settings import KEY_PREFIX
from patterns import COMPARED
from starting.children import Children
from starting.process import spawn

OURS = "made-by-the-lab"  # a file that marks the folder as the lab's
SIDE_BY_SIDE = 4  # runs at a time, where speed is not measured; they mostly wait
BAR = 30  # characters
FAILED = "failed"  # how a run ended that could not be judged


class NoFolderError(Exception):
    """The folder cannot be used; the message says why."""


@contextmanager
def folder_for(results: Path) -> Iterator[Path]:
    """Remove the last comparison's raw lines, and lock the empty folder while inside."""
    raw = results / "raw"
    try:
        raw.mkdir(parents=True, exist_ok=True)
        if any(raw.iterdir()) and not (raw / OURS).exists():
            raise NoFolderError(f"{raw} has files in it that are not the lab's. Name another one.")
        with (raw / OURS).open("w") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (results / "summary.json").unlink(missing_ok=True)
            for path in raw.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
            yield raw
    except BlockingIOError:
        raise NoFolderError(f"Another comparison writes to {results} just now.") from None
    except OSError as error:
        raise NoFolderError(f"{results} cannot be used: {error.strerror}.") from error


def plan(
    scenarios: Iterable[str], patterns: Iterable[str], settings: Settings, repeat: int
) -> Iterator[Job]:
    """All runs. Those that measure speed come last, because nothing may run beside them."""
    for known in sorted((SCENARIOS[name] for name in scenarios), key=lambda one: one.alone):
        if (settings.url and not known.harmless) or (settings.listener and not known.any_listener):
            continue
        has_plain = known.quick_plain if settings.quick else known.where_client_matters
        has_plain = has_plain and not (settings.listener or settings.through_web)
        clients = ["ours", "plain"] if has_plain else ["ours"]
        fitting = [pattern for pattern in patterns if known.fits(COMPARED[pattern])]
        for pattern, client, number in product(fitting, clients, range(1, repeat + 1)):
            seed = settings.seed + 1000 * (number - 1)
            yield Job(known.name, pattern, replace(settings, client=client, seed=seed), number)


def make(jobs: Sequence[Job], folder: Path, children: Children) -> list[dict[str, Any]]:
    """Make all runs, several at a time where they do not disturb each other.

    Returns the result of each; raises StopAskedError.
    """
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
    return 1 if SCENARIOS[job.scenario].alone and not job.settings.quick else SIDE_BY_SIDE


def start(job: Job, folder: Path, children: Children) -> None:
    run = folder / job.name
    run.mkdir(parents=True)
    (run / JOB).write_text(json.dumps(asdict(job)))
    environ = {}
    if job.settings.url:  # others use that Redis, so our keys need a prefix
        environ["KEY_PREFIX"] = f"{KEY_PREFIX}lab-{secrets.token_hex(4)}:"
    command = [sys.executable, "-m", "lab.job", str(run)]
    with (run / "job.txt").open("w") as errors:
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
    said = (folder / "job.txt").read_text().strip().splitlines() or ["It ended without a word."]
    told = {"verdict": "broken", "words": "could not be measured", "broken": said[-1:]}
    return {**asdict(job), **told, "ended": FAILED, "figures": {}, "charts": {}}
