"""Runs of the lab with something planted: small real programs, put in the place of ours."""

import os
import shlex
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from lab.history.records import Promise
from lab.job import Job, Settings
from lab.making import make
from lab.scenarios import SCENARIOS
from patterns import COMPARED

# Seconds for what is left in the end, to receive again after a fault, and to stop when told,
# instead of 20, 10 and 8: where all is to be well, and where something is to be found.
PATIENT, HURRIED = (5.0, 4.0, 8.0), (2.0, 2.0, 2.5)
Row = tuple[str, str, str, str, str]  # scenario, pattern, plant, verdict, a part of its reason


def planted(pattern: str, plant: str, *options: str) -> str:
    """The command of a listener with this plant, such as `telling.lose`, for --listener."""
    module, name = plant.split(".")
    own = COMPARED[pattern]
    more = " ".join([*options, *own.listener_options('"$NAME"')])
    command = f"{shlex.quote(sys.executable)} -m tests.planted.{module} {own.script} {name}"
    return f'exec {command} --json --name "$NAME" --work "$WORK" {more}'


def play(
    scenario: str,
    pattern: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    expected: str,
    **settings: Any,
) -> dict[str, Any]:
    """Make a quick run in this folder, and once more if the machine was too busy, and judge it."""
    deadline, back_within, stops_within = PATIENT if expected in ("kept", "allowed") else HURRIED
    monkeypatch.setattr("lab.systems.Promise", partial(Promise, back_within=back_within))
    monkeypatch.setattr("lab.consumers.STOPS_WITHIN", stops_within)
    monkeypatch.setitem(SCENARIOS, scenario, replace(SCENARIOS[scenario], deadline=deadline))
    job = Job(scenario, pattern, Settings(quick=True, **settings))
    told = _made(job, folder / "first", monkeypatch)
    if any("too busy" in sentence for sentence in told["broken"]):
        told = _made(job, folder / "second", monkeypatch)
    return told


def _made(job: Job, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make a run in a folder of its own, in which no listener has been before."""
    run, lives = folder / "run", folder / "lives"
    run.mkdir(parents=True)
    lives.mkdir()
    monkeypatch.setenv("LIVES", str(lives))
    return make(job, run)


def assert_is(told: dict[str, Any], verdict: str, reason: str) -> None:
    """Fail unless that is the verdict, and this is a part of one of its sentences."""
    assert told["verdict"] == verdict, (told["words"], told["broken"])
    assert any(reason in sentence for sentence in told["broken"] or [told["words"]]), told


def left_behind(folder: Path) -> list[psutil.Process]:
    """The processes that a run in this folder has started and not ended; they are ended now."""
    found = []
    for one in psutil.process_iter():
        with suppress(psutil.Error):
            if one.environ().get("LIVES", "").startswith(str(folder)) and one.pid != os.getpid():
                one.kill()
                found.append(one)
    return found
