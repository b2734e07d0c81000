"""Sums up all runs of a comparison: a cell for each scenario, pattern and client."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lab.scenarios import SCENARIOS
from patterns import COMPARED
from starting.machine import describe

Cell = dict[str, Any]
WORST = ("kept", "allowed", "broken")


def summarize(results: Sequence[Mapping[str, Any]], **made: Any) -> dict[str, Any]:
    """The content of summary.json, for /compare and the tables. `made`: how the runs were made."""
    runs: dict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for result in results:
        key = (result["scenario"], result["pattern"], result["settings"]["client"])
        runs[key].append(result)
    patterns = {result["pattern"] for result in results}
    scenarios = {result["scenario"] for result in results}
    return {
        "made": {**describe(), **made},
        "patterns": [
            {"name": one.name, "title": one.words.title, "promise": one.words.promise}
            for one in COMPARED.values()
            if one.name in patterns
        ],
        "scenarios": [
            {
                "name": one.name,
                "number": one.number,
                "title": one.title,
                "question": one.question,
                "about": one.about,
                "where_client_matters": one.client_matters,
            }
            for one in SCENARIOS.values()
            if one.name in scenarios
        ],
        "cells": [
            cell(*key, runs[key])
            for key in sorted(runs, key=lambda key: (list(SCENARIOS).index(key[0]), *key[1:]))
        ],
    }


def cell(scenario: str, pattern: str, client: str, runs: Sequence[Mapping[str, Any]]) -> Cell:
    """Sum up the repetitions: words and charts of the worst, median and range of the figures."""
    named: Cell = {"scenario": scenario, "pattern": pattern, "client": client}
    if failed := [run["failed"] for run in runs if "failed" in run]:
        return named | {
            "verdict": "broken",
            "words": "could not be measured",
            "broken": failed[:1],
            "ended": "failed",
            "runs": len(runs),
            "figures": {},
            "charts": {"delay": [], "rates": [], "length": []},
        }
    worst = max(runs, key=_badness)
    names = dict.fromkeys(name for run in runs for name in run["figures"])
    return named | {
        "verdict": worst["verdict"],
        "words": worst["words"],
        "broken": sorted({sentence for run in runs for sentence in run["broken"]}),
        "ended": "deadline" if any(run["ended"] == "deadline" for run in runs) else "drained",
        "runs": len(runs),
        "figures": {name: spread(run["figures"].get(name) for run in runs) for name in names},
        "charts": worst["charts"],
    }


def spread(values: Iterable[float | None]) -> dict[str, float]:
    """Median and range of a figure, over the runs that have it."""
    found = [value for value in values if value is not None]
    return {"median": statistics.median(found), "low": min(found), "high": max(found)}


def _badness(run: Mapping[str, Any]) -> tuple[int, float, float]:
    figures = run["figures"]
    return WORST.index(run["verdict"]), figures["lost"] + figures["left"], figures["duplicated"]


def is_broken(summary: Mapping[str, Any]) -> bool:
    """Whether a pattern broke its promise; a plain client makes none."""
    return any(c["verdict"] == "broken" and c["client"] == "ours" for c in summary["cells"])
