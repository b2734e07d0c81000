"""The consumers of one's own in docs/measure.md are put through the lab, as it says."""

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.documents import blocks
from tests.processes import Process

(MINE,) = blocks("python")
COMMANDS = [block.strip() for block in blocks("sh") if "--listener" in block]


def test_there_is_one_in_python_and_one_in_shell() -> None:
    assert MINE.startswith("# mine.py\n")
    assert len([line for line in MINE.splitlines() if line]) <= 11
    assert [("mine.py" in command, "redis-cli" in command) for command in COMMANDS] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.heavy
@pytest.mark.parametrize("number", [0, 1])
def test_it_is_measured(number: int, tmp_path: Path, start: Callable[..., Any]) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    words = shlex.split(COMMANDS[number].replace("\\\n", " "))
    listener = words[-1].replace(".venv/bin/python mine.py", f"{sys.executable} {tmp_path}/mine.py")
    some = [w for name in ("steady", "nobody", "order-one") for w in ("--scenario", name)]
    command = [sys.executable, "-m", "lab.compare", *some, "--results", str(tmp_path / "results")]
    process = start(Process, [*command, *words[1:-1], listener])
    process.ended(120)
    assert process.popen.returncode == 0, process.text
    summary = json.loads((tmp_path / "results" / "summary.json").read_text())
    told = {cell["scenario"]: cell["words"] for cell in summary["cells"]}
    assert told == {
        "steady": "kept all",
        "nobody": "kept all",
        "order-one": "kept all, newest first",
    }
