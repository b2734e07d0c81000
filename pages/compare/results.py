"""This module reads the summary of a lab run, and reads it again whenever the file changes."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

VERDICTS = ("kept", "allowed", "broken")
CLIENTS = ("ours", "plain")
RANGE = ("median", "low", "high")  # over the runs
# Reading a file of another shape raises one of these.
SHAPELESS = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)

Points = list[list[float | None]]  # rows: seconds since the start, then the value of each line


class UnreadableError(Exception):
    """The run cannot be read; the message is a sentence that says why."""


@dataclass(frozen=True)
class Pattern:
    name: str
    title: str
    promise: str


@dataclass(frozen=True)
class Scenario:
    name: str
    number: str
    title: str
    question: str
    about: str
    where_client_matters: bool


@dataclass(frozen=True)
class Figure:
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
    broken: tuple[str, ...]
    ended: str
    runs: int
    figures: dict[str, Figure]  # without those that were not measured
    charts: dict[str, Points]


@dataclass(frozen=True)
class Run:
    made: dict[str, Any]
    patterns: dict[str, Pattern]
    scenarios: dict[str, Scenario]
    cells: dict[tuple[str, str, str], Cell]  # by scenario, pattern, client

    def cell(self, scenario: str, pattern: str, client: str = "ours") -> Cell | None:
        return self.cells.get((scenario, pattern, client))


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
    fields = json.loads(path.read_bytes())
    cells = [_cell(one) for one in fields["cells"]]
    return Run(
        made=dict(fields["made"]),
        patterns={one["name"]: _pattern(one) for one in fields["patterns"]},
        scenarios={one["name"]: _scenario(one) for one in fields["scenarios"]},
        cells={(cell.scenario, cell.pattern, cell.client): cell for cell in cells},
    )


def _pattern(fields: Mapping[str, Any]) -> Pattern:
    return Pattern(str(fields["name"]), str(fields["title"]), str(fields["promise"]))


def _scenario(fields: Mapping[str, Any]) -> Scenario:
    return Scenario(
        name=str(fields["name"]),
        number=str(fields["number"]),
        title=str(fields["title"]),
        question=str(fields["question"]),
        about=str(fields["about"]),
        where_client_matters=bool(fields.get("where_client_matters")),
    )


def _cell(fields: Mapping[str, Any]) -> Cell:
    if fields["verdict"] not in VERDICTS or fields["client"] not in CLIENTS:
        raise ValueError(f"{fields['verdict']}, {fields['client']}")
    return Cell(
        scenario=str(fields["scenario"]),
        pattern=str(fields["pattern"]),
        client=fields["client"],
        verdict=fields["verdict"],
        words=str(fields["words"]),
        broken=tuple(map(str, fields.get("broken") or ())),
        ended=str(fields.get("ended", "")),
        runs=int(fields.get("runs", 1)),
        figures=_figures(fields.get("figures") or {}),
        charts={name: _points(rows) for name, rows in (fields.get("charts") or {}).items()},
    )


def _figures(fields: Mapping[str, Any]) -> dict[str, Figure]:
    """Return the figures that were measured; the others are missing or null in the file."""
    return {
        name: Figure(*(_number(one[key]) for key in RANGE))
        for name, one in fields.items()
        if one and None not in (one.get(key) for key in RANGE)
    }


def _points(rows: list[list[Any]]) -> Points:
    return [
        [_number(row[0]), *(None if value is None else _number(value) for value in row[1:])]
        for row in rows
    ]


def _number(value: Any) -> float:
    if not math.isfinite(number := float(value)):
        raise ValueError(f"{value} is no number")
    return number
