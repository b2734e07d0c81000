"""Writes a summary for the terminal, and as the tables of README.md and docs/measure.md."""

import json
import sys
from collections.abc import Collection, Mapping
from typing import Any

from starting.process import ROOT

REFERENCE = ROOT / "lab" / "results" / "reference.json"
SOAK = ROOT / "lab" / "results" / "soak.json"
# The scenarios in README.md.
SHORT = ("nobody", "killed", "frozen", "restart-none", "lost-push", "order-one", "poison")
SIGNS = {"kept": "●", "allowed": "◐", "broken": "✗"}


def table(summary: Mapping[str, Any]) -> str:
    """The summary for a terminal: for each scenario its question, and a line for each pattern."""
    lines = []
    for scenario in summary["scenarios"]:
        lines += ["", f"{scenario['number']}. {scenario['title']}: {scenario['question']}"]
        for cell in summary["cells"]:
            if cell["scenario"] == scenario["name"]:
                who = cell["pattern"] + (" (plain)" if cell["client"] == "plain" else "")
                late = "; stopped at the deadline" if cell["ended"] == "deadline" else ""
                figure = cell["figures"].get("delay_p50_ms")
                delay = f"; delay p50 {median_and_range(figure)} ms" if figure else ""
                words = f"{cell['words']}{late}{delay}"
                lines.append(f"  {SIGNS[cell['verdict']]} {who:<20} {words}")
                lines += [f"      {sentence}" for sentence in cell["broken"]]
    return "\n".join(lines[1:])


# The figure that answers a scenario's question: its name, the words around it, and its divisor.
ASKED = {
    "steady": ("delay_p50_ms", "delay {} ms", 1),
    "slow": ("delay_max_ms", "delay at most {} ms", 1),
    "burst": ("delay_max_ms", "drained in {} s", 1000),
}


def words(cell: Mapping[str, Any]) -> str:
    """The words of a cell, with the figure that its scenario asks for."""
    name, phrase, divisor = ASKED.get(cell["scenario"], ("", "", 1))
    figure = cell["figures"].get(name)
    if not figure:
        return str(cell["words"])
    return f"{cell['words']}, {phrase.format(median_and_range(figure, divisor))}"


def median_and_range(figure: Mapping[str, float], divisor: float = 1) -> str:
    median, low, high = (f"{round_(figure[key] / divisor):,}" for key in ("median", "low", "high"))
    return f"{median} ({low}–{high})" if low != high else median


def round_(value: float) -> float:
    """Round to a whole number, or to two digits when it is smaller than 10."""
    return round(value) if value >= 10 else float(f"{value:.2g}")


def markdown(summary: Mapping[str, Any], names: Collection[str] = ()) -> str:
    """A table in Markdown: a row for each of these scenarios, or for all of them."""
    patterns = summary["patterns"]
    rows = ["| | " + " | ".join(one["title"] for one in patterns) + " |"]
    rows.append("|---" * (len(patterns) + 1) + "|")
    cells = {(c["scenario"], c["pattern"], c["client"]): c for c in summary["cells"]}
    for scenario in summary["scenarios"]:
        if names and scenario["name"] not in names:
            continue
        row = [f"**{scenario['title']}.** {scenario['question']}"]
        for pattern in patterns:
            found = [
                who + words(cell)
                for client, who in (("ours", ""), ("plain", "plain client: "))
                if (cell := cells.get((scenario["name"], pattern["name"], client)))
            ]
            row.append("<br>".join(found) or "–")
        rows.append("| " + " | ".join(row) + " |")
    return "\n".join(rows)


def soak(summary: Mapping[str, Any]) -> str:
    """A sentence on the run with many kills."""
    titles = {one["name"]: one["title"].lower() for one in summary["patterns"]}
    clauses = []
    for cell in summary["cells"]:
        sent, lost, twice = (
            int(cell["figures"][name]["median"]) for name in ("attempted", "lost", "duplicated")
        )
        who = titles[cell["pattern"]]
        clauses.append(f"the {who} lost {lost:,} of {sent:,} messages and handled {twice:,} twice")
    kills = f"The lab killed {summary['made']['kills']:,} listeners of each pattern under load"
    return f"{kills}: {', '.join(clauses)}."


if __name__ == "__main__":
    results = json.loads(REFERENCE.read_text())
    if sys.argv[1:] == ["short"]:
        print(markdown(results, SHORT))
    else:
        print(markdown(results), soak(json.loads(SOAK.read_text())), sep="\n\n")
