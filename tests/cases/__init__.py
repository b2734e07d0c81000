"""Cases of rules that are written in Python and in JavaScript: both are tested by the same ones."""

import json
from pathlib import Path
from typing import Any


def cases(rule: str) -> list[Any]:
    """What goes in and what comes out, of each case."""
    found: list[Any] = json.loads((Path(__file__).parent / f"{rule}.json").read_text())
    return found
