"""Writes a summary for the terminal, and as the tables of README.md and docs/measure.md."""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from lab.scenarios import SCENARIOS
from starting.process import ROOT

REFERENCE = ROOT / "lab" / "results" / "reference.json"
SOAK = ROOT / "lab" / "results" / "soak.json"
SIGNS = {"kept": "●", "allowed": "◐", "broken": "✗"}

Summary = Mapping[str, Any]


def table(summary: Summary) -> str:
    """The summary for a terminal: for each scenario its question, and a line for each pattern."""
    lines = []
    for scenario in summary["scenarios"]:
        lines += ["", f"{scenario['number']}. {scenario['title']}: {scenario['question']}"]
        for cell in summary["cells"]:
            if cell["scenario"] == scenario["name"]:
                who = cell["pattern"] + (" (plain)" if cell["client"] == "plain" else "")
                late = "; stopped at the deadline" if cell["ended"] == "deadline" else ""
                figure = cell["figures"].get("delay_p50_ms")
                delay = f"; delay p50 {in_words(figure)} ms" if figure else ""
                lines.append(f"  {SIGNS[cell['verdict']]} {who:<20} {cell['words']}{late}{delay}")
                lines += [f"      {sentence}" for sentence in cell["broken"]]
    return "\n".join(lines[1:])


def in_words(figure: Mapping[str, float], divisor: float = 1) -> str:
    """The median, and the range if there is one; whole numbers, or two digits below 10."""
    values = (figure[key] / divisor for key in ("median", "low", "high"))
    median, low, high = (
        f"{round(value) if value >= 10 else float(f'{value:.2g}'):,}" for value in values
    )
    return f"{median} ({low}–{high})" if low != high else median


def markdown(summary: Summary, is_short: bool) -> str:
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


def told(cell: Mapping[str, Any]) -> str:
    """The words of a cell, with the figure that answers its scenario's question."""
    who = "plain client: " if cell["client"] == "plain" else ""
    name, phrase, divisor = SCENARIOS[cell["scenario"]].answer
    figure = cell["figures"].get(name)
    answer = f", {phrase.format(in_words(figure, divisor))}" if figure else ""
    return f"{who}{cell['words']}{answer}"


def soak(summary: Summary) -> str:
    """A sentence on the run with many kills."""
    titles = {one["name"]: one["title"].lower() for one in summary["patterns"]}
    clauses = []
    for cell in summary["cells"]:
        sent, lost, twice = (
            f"{int(cell['figures'][name]['median']):,}"
            for name in ("attempted", "lost", "duplicated")
        )
        who = titles[cell["pattern"]]
        clauses.append(f"the {who} lost {lost} of {sent} messages and handled {twice} twice")
    kills = f"The lab killed {summary['made']['kills']:,} listeners of each pattern under load"
    return f"{kills}: {', '.join(clauses)}."


if __name__ == "__main__":
    is_short = sys.argv[1:] == ["short"]
    print(markdown(json.loads(REFERENCE.read_text()), is_short))
    if not is_short:
        print("", soak(json.loads(SOAK.read_text())), sep="\n")
