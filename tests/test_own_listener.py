"""The README's own consumers are put through the lab, as it says."""

import json
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ROOT, Process

README = (ROOT / "README.md").read_text()
MINE = re.search(r"```python\n# mine.py\n(.*?)```", README, re.DOTALL)
COMMANDS = re.findall(r"```sh\n(\./scripts/compare[^`]* --listener [^`]*)\n```", README)


def test_the_readme_has_one_in_python_and_one_in_shell() -> None:
    assert MINE
    assert len([line for line in MINE[1].splitlines() if line]) <= 10
    assert [("mine.py" in command, "redis-cli" in command) for command in COMMANDS] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.heavy
@pytest.mark.parametrize("number", [0, 1])
def test_it_is_measured(number: int, tmp_path: Path, start: Callable[..., Any]) -> None:
    assert MINE
    (tmp_path / "mine.py").write_text(MINE[1])
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
