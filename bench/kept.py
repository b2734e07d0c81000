"""Keeps the figures of a measurement, with the machine on which it was made."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starting import machine


def keep(file: Path, figures: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    made = {**machine.describe(), **figures}
    file.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")


def percentile(seconds: Sequence[float], share: int) -> float | None:
    """The time in ms that so many of a hundred do not exceed; None without any."""
    if not seconds:
        return None
    return round(1000 * sorted(seconds)[math.ceil(len(seconds) * share / 100) - 1], 1)
