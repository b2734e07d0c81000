"""This module reads the summary of a lab run, and reads it again whenever the file changes."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "lab" / "results" / "reference.json"
OWN = ROOT / "results" / "summary.json"  # ./scripts/compare writes it for the reader

VERDICTS = ("kept", "allowed", "invalid", "broken")
CLIENTS = ("ours", "plain")
NEVER = "never"  # an infinite delay, which JSON has no number for
# Reading a file of another shape raises one of these.
SHAPELESS = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)

Points = list[list[float | None]]  # rows: seconds since the start, then the value of each line


class UnreadableError(Exception):
    """The run cannot be read; the message is a sentence that says why."""


@dataclass(frozen=True)
class Figure:
    """A figure over all runs; infinite for what never came."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Cell:
    """A cell holds the results of one pattern in one scenario with one client."""

    scenario: str
    pattern: str
    client: str
    verdict: str
    words: str
    broken: list[str]  # a sentence for each way in which the promise was broken
    ended: str
    runs: int
    figures: dict[str, Figure]  # without those that were not measured
    charts: dict[str, Points]
    made: dict[str, Any] = field(default_factory=dict)  # where it was merged in: what differs


@dataclass(frozen=True)
class Run:
    made: dict[str, Any]
    patterns: dict[str, dict[str, str]]  # by name: name, title, promise
    scenarios: dict[str, dict[str, str]]  # by name: name, number, title, question, about
    cells: dict[tuple[str, str, str], Cell]  # by scenario, pattern, client

    def cell(self, scenario: str, pattern: str, client: str = "ours") -> Cell | None:
        return self.cells.get((scenario, pattern, client))

    def nearest(self, scenario: str, pattern: str, client: str) -> Cell | None:
        """Return the cell of this client, or of ours where this client was not measured."""
        return self.cell(scenario, pattern, client) or self.cell(scenario, pattern)


def read_run(path: Path) -> Run:
    """Return the run of a summary file. Raises UnreadableError."""
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except FileNotFoundError:
        raise UnreadableError("There is none yet.") from None
    except (OSError, *SHAPELESS) as error:
        raise UnreadableError(f"{path.name} cannot be read ({type(error).__name__}).") from error


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> Run:
    """Read the file; `changed` and `size` only make the cache forget an older state of it."""
    run = json.loads(path.read_bytes())
    cells = [_cell(one) for one in run["cells"]]
    return Run(
        made=dict(run["made"]),
        patterns={one["name"]: one for one in run["patterns"]},
        scenarios={one["name"]: one for one in run["scenarios"]},
        cells={(cell.scenario, cell.pattern, cell.client): cell for cell in cells},
    )


def _cell(found: Mapping[str, Any]) -> Cell:
    if found["verdict"] not in VERDICTS or found["client"] not in CLIENTS:
        raise ValueError(f"{found['verdict']}, {found['client']}")
    figures = {
        name: Figure(**{key: _number(value) for key, value in one.items()})
        for name, one in found["figures"].items()
        if one  # what was not measured is null in the file
    }
    charts = {name: _points(rows) for name, rows in found["charts"].items()}
    return Cell(**{**found, "figures": figures, "charts": charts})


def _points(rows: list[list[Any]]) -> Points:
    return [
        [_number(row[0]), *(None if value is None else _number(value) for value in row[1:])]
        for row in rows
    ]


def _number(value: Any) -> float:
    if value == NEVER:
        return math.inf
    if not math.isfinite(number := float(value)):
        raise ValueError(f"{value} is no number")
    return number
