"""Sums up all runs of a comparison: a cell for each scenario, pattern and client."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lab.pool import FAILED
from lab.scenarios import SCENARIOS
from patterns import COMPARED
from starting.machine import describe

Cell = dict[str, Any]
Runs = Sequence[Mapping[str, Any]]
VERDICTS = ("kept", "allowed", "broken")  # from the best to the worst
ENDS = (FAILED, "deadline", "drained")  # from the worst to the best


def summarize(results: Runs, **made: Any) -> dict[str, Any]:
    """The content of summary.json, for /compare and the tables. `made`: how the runs were made."""
    runs: dict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for result in results:
        runs[result["scenario"], result["pattern"], result["settings"]["client"]].append(result)
    patterns = {result["pattern"] for result in results}
    scenarios = [name for name in SCENARIOS if name in {result["scenario"] for result in results}]
    return {
        "made": {**describe(), **made},
        "patterns": [
            {"name": name, "title": one.words.title, "promise": one.words.promise}
            for name, one in COMPARED.items()
            if name in patterns
        ],
        "scenarios": [SCENARIOS[name].described() for name in scenarios],
        "cells": [
            cell(*key, runs[key])
            for key in sorted(runs, key=lambda key: (scenarios.index(key[0]), *key[1:]))
        ],
    }


def cell(scenario: str, pattern: str, client: str, runs: Runs) -> Cell:
    """Sum up the repetitions: words and charts of the worst, median and range of the figures."""
    measured = [run for run in runs if run["ended"] == FAILED][:1] or runs
    worst = max(measured, key=_badness)
    names = dict.fromkeys(name for run in measured for name in run["figures"])
    return {
        "scenario": scenario,
        "pattern": pattern,
        "client": client,
        "verdict": worst["verdict"],
        "words": worst["words"],
        "broken": sorted({sentence for run in measured for sentence in run["broken"]}),
        "ended": min((run["ended"] for run in measured), key=ENDS.index),
        "runs": len(runs),
        "figures": {
            name: median_and_range(run["figures"].get(name) for run in measured) for name in names
        },
        "charts": worst["charts"],
    }


def median_and_range(values: Iterable[float | None]) -> dict[str, float]:
    """Sum up a figure over the runs that have it."""
    found = [value for value in values if value is not None]
    return {"median": statistics.median(found), "low": min(found), "high": max(found)}


def _badness(run: Mapping[str, Any]) -> tuple[int, float, float]:
    lost, left, twice = (run["figures"].get(name, 0) for name in ("lost", "left", "duplicated"))
    return VERDICTS.index(run["verdict"]), lost + left, twice


def is_broken(summary: Mapping[str, Any]) -> bool:
    """Whether a pattern broke its promise; a plain client makes none."""
    return any(c["verdict"] == "broken" and c["client"] == "ours" for c in summary["cells"])
