"""Merges the cells of a comparison into a stored summary, for ./scripts/compare --into FILE."""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lab.judging.verdict import INVALID
from lab.report.table import Fields, place
from lab.scenarios import SCENARIOS
from patterns import COMPARED

# Cells that differ in one of these cannot be compared; each with its name in a sentence.
SAME = {
    "system": "system",
    "cpu": "processor",
    "cores": "cores",
    "memory_mib": "MiB of memory",
    "product": "server",
    "redis": "Redis",
    "quick": "--quick",
    "url": "--redis",
    "listener": "--listener",
    "order": "--order",
    "through_web": "--through-web",
    "rate": "--rate",
    "kills": "--kills",
}


class NotMergedError(Exception):
    """Nothing can be merged into this file; the message says why."""


def merge_into(path: Path, summary: Fields) -> str:
    """Merge into the file, and say what was merged. Raises NotMergedError."""
    # The file is read only now, because another comparison may have been merged meanwhile.
    stored = read_summary(path, summary["made"])
    write_summary(path, merge(stored, summary))
    return f"Cells merged into {path}: {report(stored, summary)}"


def read_summary(path: Path, made: Fields) -> dict[str, Any]:
    """Read the summary that is to be merged into. `made` is how the comparison is made.

    Raises NotMergedError where the file is no summary, or one that was made otherwise.
    """
    try:
        stored: dict[str, Any] = json.loads(path.read_bytes())
        for cell in stored["cells"]:
            place(cell), str(cell["verdict"])
        for one in (*stored["patterns"], *stored["scenarios"]):
            place({"scenario": one["name"], "pattern": one["name"], "client": ""})
        there = {name: stored["made"].get(name) or None for name in SAME}
    except OSError as error:
        raise NotMergedError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise NotMergedError(f"{path} is no summary of a comparison.") from error
    if not os.access(path.resolve().parent, os.W_OK):
        raise NotMergedError(f"{path} cannot be replaced: its folder is read-only.")
    here = {name: made.get(name) or None for name in SAME}
    if differing := [name for name in SAME if there[name] != here[name]]:
        told = [f"{SAME[n]}: {_told(there[n])} there, {_told(here[n])} here" for n in differing]
        raise NotMergedError(f"{path} was made otherwise, so nothing is merged. {'; '.join(told)}.")
    return stored


def _told(value: object) -> str:
    return "no" if value is None else "yes" if value is True else str(value)


def merge(stored: Fields, summary: Fields) -> dict[str, Any]:
    """Return the stored summary with the cells of the other one, except for invalid ones.

    An invalid cell is added where there is none, and replaces nothing. Each of these cells has a
    field `made` with its date and whatever else differs from how the stored summary was made.
    """
    cells = {place(cell): cell for cell in stored["cells"]}
    made = _differing(stored, summary)
    for cell in summary["cells"]:
        if cell["verdict"] != INVALID or place(cell) not in cells:
            cells[place(cell)] = {**cell, "made": made}
    return {
        **stored,
        "patterns": _by_name(list(COMPARED), stored["patterns"], summary["patterns"]),
        "scenarios": _by_name(list(SCENARIOS), stored["scenarios"], summary["scenarios"]),
        "cells": [cells[at] for at in sorted(cells)],
    }


def _differing(stored: Fields, summary: Fields) -> dict[str, Any]:
    """How a summary was made, as far as that differs from the stored one; always its date."""
    there, here = stored["made"], summary["made"]
    return {n: value for n, value in here.items() if n == "date" or value != there.get(n)}


def _by_name(order: Sequence[str], *lists: Iterable[Fields]) -> list[Fields]:
    """The descriptions of all lists, the latest of each name; unknown names come last."""
    found = {one["name"]: one for described in lists for one in described}
    return sorted(found.values(), key=lambda one: [*order, one["name"]].index(one["name"]))


def report(stored: Fields, summary: Fields) -> str:
    """Say what of a summary was merged into the stored one, and what differs between them."""
    before = {place(cell) for cell in stored["cells"]}
    invalid = {place(one) for one in summary["cells"] if one["verdict"] == INVALID} & before
    merged = {place(one) for one in summary["cells"]} - invalid
    words = f"{len(merged & before)} replaced, {len(merged - before)} added"
    if invalid:
        words += f", {len(invalid)} invalid and left out"
    made = _differing(stored, summary).items()
    told = [f"{n}: {stored['made'].get(n)} there, {value} here" for n, value in made]
    return f"{words}. What differs in how they were made: {'; '.join(told)}."


def write_summary(path: Path, summary: Fields) -> None:
    """Replace the file in one step, so that nobody reads half of it."""
    path = path.resolve()
    new = path.with_name(f".{path.name}.{os.getpid()}")
    text = json.dumps(summary, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    new.write_text(text + "\n")
    os.replace(new, path)
