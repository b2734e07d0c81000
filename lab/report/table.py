"""Sums up all runs of a comparison, for /compare, the terminal, README.md and docs/measure.md.

python -m lab.report.table [short] prints the tables of the two documents.
"""

import json
import math
import statistics
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from lab.judging.verdict import ALLOWED, BROKEN, CODES, INVALID, KEPT
from lab.pool import FAILED
from lab.scenarios import SCENARIOS
from patterns import COMPARED
from starting.machine import describe
from starting.process import ROOT

REFERENCE = ROOT / "lab" / "results" / "reference.json"
SOAK = ROOT / "lab" / "results" / "soak.json"
SIGNS = {KEPT: "●", ALLOWED: "◐", INVALID: "?", BROKEN: "✗"}  # from the best to the worst
ENDS = (FAILED, "deadline", "drained")  # from the worst to the best

NEVER = "never"  # stands for an infinite delay in a summary

Fields = Mapping[str, Any]  # of a summary, of one of its cells, or of a run's result.json
Place = tuple[tuple[int, str], tuple[int, str], str]  # scenario, pattern, client


def summarize(results: Sequence[Fields], **made: Any) -> dict[str, Any]:
    """The content of summary.json, for /compare and the tables. `made`: how the runs were made."""
    patterns = {run["pattern"] for run in results}
    scenarios = {run["scenario"] for run in results}
    return {
        "made": {**describe(made.get("server", "")), **made},
        "patterns": [
            {"name": name, "title": one.words.title, "promise": one.words.promise}
            for name, one in COMPARED.items()
            if name in patterns
        ],
        "scenarios": [one.described() for name, one in SCENARIOS.items() if name in scenarios],
        "cells": [sum_up(list(runs)) for _, runs in groupby(sorted(results, key=_cell), _cell)],
    }


def _cell(run: Fields) -> Place:
    return place({**run, "client": run["settings"]["client"]})


def place(cell: Fields) -> Place:
    """What tells a cell from others, in the order of scenarios and patterns; unknown ones last."""
    scenario, pattern = cell["scenario"], cell["pattern"]
    return (
        ([*SCENARIOS, scenario].index(scenario), scenario),
        ([*COMPARED, pattern].index(pattern), pattern),
        cell["client"],
    )


def sum_up(runs: Sequence[Fields]) -> Fields:
    """Make a cell of all runs: words and charts of the worst, figures of all.

    Unless one of them is broken, a failed one speaks for all.
    """
    failed = [run for run in runs if run["ended"] == FAILED][:1]
    shown = runs if any(run["verdict"] == BROKEN for run in runs) else failed or runs
    worst = max(shown, key=_badness)
    names = dict.fromkeys(name for run in shown for name in run["figures"])
    fields = ("scenario", "pattern", "verdict", "words", "charts")
    cell = {name: worst[name] for name in fields} | {
        "client": worst["settings"]["client"],
        "broken": sorted({sentence for run in shown for sentence in run["broken"]}),
        "ended": min((run["ended"] for run in shown), key=ENDS.index),
        "runs": len(runs),
        "figures": {name: median_and_range(name, shown) for name in names},
    }
    return dict(without_infinity(cell))


def median_and_range(name: str, runs: Sequence[Fields]) -> dict[str, float]:
    """Sum up a figure over the runs that have it."""
    values = [run["figures"][name] for run in runs if name in run["figures"]]
    return {"median": statistics.median(values), "low": min(values), "high": max(values)}


def without_infinity(value: Any) -> Any:
    """Replace an infinite delay, at any depth, by the word for it: JSON has no infinity."""
    if isinstance(value, dict):
        return {name: without_infinity(one) for name, one in value.items()}
    if isinstance(value, list):
        return [without_infinity(one) for one in value]
    return NEVER if value == math.inf else value


def _badness(run: Fields) -> tuple[int, float, float]:
    lost, left, twice = (run["figures"].get(name, 0) for name in ("lost", "left", "duplicated"))
    return list(SIGNS).index(run["verdict"]), lost + left, twice


def exit_code(summary: Fields) -> int:
    """1 if a pattern broke its promise (a plain client makes none), 3 if a run is invalid, or 0."""
    if any(c["verdict"] == BROKEN and c["client"] == "ours" for c in summary["cells"]):
        return CODES[BROKEN]
    return CODES[INVALID] if any(c["verdict"] == INVALID for c in summary["cells"]) else 0


def table(summary: Fields) -> str:
    """The summary for a terminal: for each scenario its question, and a line for each pattern."""
    lines = []
    for scenario in summary["scenarios"]:
        lines += ["", f"{scenario['number']}. {scenario['title']}: {scenario['question']}"]
        for cell in summary["cells"]:
            if cell["scenario"] == scenario["name"]:
                who = cell["pattern"] + (" (plain)" if cell["client"] == "plain" else "")
                late = "; stopped at the deadline" if cell["ended"] == "deadline" else ""
                delay = answer(cell, "delay_p50_ms", "; delay p50 {} ms")
                lines.append(f"  {SIGNS[cell['verdict']]} {who:<20} {cell['words']}{late}{delay}")
                lines += [f"      {sentence}" for sentence in cell["broken"]]
    return "\n".join(lines[1:])


def answer(cell: Fields, name: str, phrase: str, divisor: float = 1) -> str:
    """Put a figure into a phrase; empty if the cell lacks it or is invalid."""
    figure = cell["figures"].get(name)
    if not figure or cell["verdict"] == INVALID:
        return ""
    words = in_words(figure, divisor)
    return phrase.partition("{}")[0] + NEVER if words == NEVER else phrase.format(words)


def in_words(figure: Mapping[str, float | str], divisor: float = 1) -> str:
    """The median, and the range if there is one; whole numbers, or two digits below 10."""
    median, low, high = (_in_words(figure[key], divisor) for key in ("median", "low", "high"))
    return f"{median} ({low}–{high})" if low != high else median


def _in_words(value: float | str, divisor: float) -> str:
    if isinstance(value, str):
        return value
    value /= divisor
    return f"{round(value) if value >= 10 else float(f'{value:.2g}'):,}"


def markdown(summary: Fields, is_short: bool) -> str:
    """A table in Markdown: a row for each scenario, or for each one that the README shows."""
    patterns = [one["name"] for one in summary["patterns"]]
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    for cell in summary["cells"]:
        cells[cell["scenario"], cell["pattern"]].append(told(cell))
    lines = ["| | " + " | ".join(one["title"] for one in summary["patterns"]) + " |"]
    lines.append("|---" * (len(patterns) + 1) + "|")
    for scenario in summary["scenarios"]:
        if SCENARIOS[scenario["name"]].in_readme or not is_short:
            row = [f"**{scenario['title']}.** {scenario['question']}"]
            row += ["<br>".join(cells[scenario["name"], one]) or "–" for one in patterns]
            lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def told(cell: Fields) -> str:
    """The words of a cell, with the figure that answers its scenario's question, or why not."""
    who = "plain client: " if cell["client"] == "plain" else ""
    if cell["verdict"] == INVALID:
        reasons = " ".join(cell["broken"]).replace("|", "\\|")
        return f"{who}{SIGNS['invalid']} {cell['words']}: {reasons}"
    name, phrase, divisor = SCENARIOS[cell["scenario"]].answer
    return f"{who}{cell['words']}{answer(cell, name, f', {phrase}', divisor)}"


def soak(summary: Fields) -> str:
    """A sentence on the run with many kills."""
    titles = {one["name"]: one["title"].lower() for one in summary["patterns"]}
    clauses = []
    for cell in summary["cells"]:
        who, names = titles[cell["pattern"]], ("attempted", "lost", "duplicated")
        sent, lost, twice = (f"{int(cell['figures'][name]['median']):,}" for name in names)
        clauses.append(f"the {who} lost {lost} of {sent} messages and handled {twice} twice")
    kills = f"The lab killed {summary['made']['kills']:,} listeners of each pattern under load"
    return f"{kills}: {', '.join(clauses)}."


if __name__ == "__main__":
    is_short = sys.argv[1:] == ["short"]
    print(markdown(json.loads(REFERENCE.read_text()), is_short))
    if not is_short:
        print("", soak(json.loads(SOAK.read_text())), sep="\n")
