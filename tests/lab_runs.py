"""Runs of ./scripts/compare, and the cells that they come to."""

import json
import sys
from pathlib import Path
from typing import Any

from lab.job import Job
from lab.judging.verdict import INVALID
from lab.making import make
from tests.processes import Process

Told = dict[str, Any]


def made(job: Job, folder: Path) -> Told:
    """Make a run, and once more if it has measured nothing, as the lab does on a busy machine."""
    first, second = folder / "first", folder / "second"
    first.mkdir(parents=True)
    if (told := make(job, first))["verdict"] != INVALID:
        return told
    second.mkdir()
    return make(job, second)


def compare(tmp_path: Path, *options: str, code: int, within: float = 150) -> dict[Any, Told]:
    """The cells by scenario and pattern of a run of the lab, which must end with this code."""
    command = [sys.executable, "-m", "lab.compare", "--results", str(tmp_path), *options]
    process = Process(command)
    try:
        process.ended(within)
    finally:
        process.kill()
    assert process.popen.returncode == code, process.text
    cells = json.loads((tmp_path / "summary.json").read_text())["cells"]
    return {(cell["scenario"], cell["pattern"]): cell for cell in cells}
