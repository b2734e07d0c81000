"""Describes the machine of a measurement, and how much of it was in use."""

import os
from pathlib import Path
from typing import Any

from bench.closed_loop import client
from starting import machine
from starting.browser import launch


def describe() -> dict[str, Any]:
    """The machine, the date, and all versions, also of Chromium and the HTTP client."""
    with launch() as browser:
        chromium = browser.version
    return {**machine.describe(), "chromium": chromium, "requests_by": client()}


def memory(pids: list[int]) -> dict[str, float]:
    """MiB of all processes: RSS counts shared memory once for each process, PSS only once."""
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    return {
        name.lower(): sum(int(machine.first(rf"^{name}: +(\d+) kB", text)) for text in texts) / 1024
        for name in ("Rss", "Pss")
    }


class Busy:
    """Measures how many cores were in use since it was created."""

    def __init__(self) -> None:
        self._idle, self._all = _ticks()

    def cores(self) -> float:
        idle, all_ = _ticks()
        share = 1 - (idle - self._idle) / max(1, all_ - self._all)
        return share * (os.cpu_count() or 1)


def _ticks() -> tuple[int, int]:
    """Idle ticks and all ticks since the machine started."""
    counts = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return counts[3] + counts[4], sum(counts)
