"""This module reads the summary of a lab run, and reads it again whenever the file changes."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, Struct

Client = Literal["ours", "plain"]
CLIENTS: tuple[Client, ...] = get_args(Client)

# A row has the seconds since the start, then the value of each line.
Points = list[Annotated[list[float | None], Meta(min_length=2)]]


class UnreadableError(Exception):
    """The run cannot be read; the message is a sentence that says why."""


class Figure(Struct, frozen=True):
    """A figure over all runs."""

    median: float
    low: float
    high: float


class Cell(Struct, frozen=True):
    """A cell holds the results of one pattern in one scenario with one client."""

    scenario: str
    pattern: str
    client: Client
    verdict: Literal["kept", "allowed", "broken"]
    words: str
    broken: list[str]  # a sentence for each way in which the promise was broken
    ended: str
    runs: int
    figures: dict[str, Figure]
    charts: dict[str, Points]


class _Summary(Struct):
    """What a summary file has."""

    made: dict[str, Any]
    patterns: list[dict[str, str]]
    scenarios: list[dict[str, Any]]
    cells: list[Cell]


class Run(Struct, frozen=True):
    made: dict[str, Any]
    patterns: dict[str, dict[str, str]]  # by name: name, title, promise
    scenarios: dict[str, dict[str, Any]]  # by name: name, number, title, question, about
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
    except (OSError, ValueError, RecursionError, LookupError) as error:
        raise UnreadableError(f"{path.name} cannot be read: {error}.") from error


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> Run:
    """Read the file; `changed` and `size` only make the cache forget an older state of it."""
    found = msgspec.json.decode(path.read_bytes(), type=_Summary)
    return Run(
        made=found.made,
        patterns={one["name"]: one for one in found.patterns},
        scenarios={one["name"]: one for one in found.scenarios},
        cells={(cell.scenario, cell.pattern, cell.client): cell for cell in found.cells},
    )
