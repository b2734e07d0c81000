"""A summary in a terminal, and as the tables of README.md and docs/measure.md."""

import json
import sys
from collections.abc import Collection, Mapping
from typing import Any

from starting.process import ROOT

REFERENCE = ROOT / "lab" / "results" / "reference.json"
SOAK = ROOT / "lab" / "results" / "soak.json"
# The scenarios in the README.
SHORT = ("nobody", "killed", "frozen", "restart-none", "lost-push", "order-one", "poison")
SIGNS = {"kept": "●", "allowed": "◐", "broken": "✗"}


def table(summary: Mapping[str, Any]) -> str:
    """For each scenario a line a pattern: the verdict, in words, and the delay."""
    lines = []
    for scenario in summary["scenarios"]:
        lines += ["", f"{scenario['number']}. {scenario['title']}: {scenario['question']}"]
        for cell in summary["cells"]:
            if cell["scenario"] == scenario["name"]:
                who = cell["pattern"] + (" (plain)" if cell["client"] == "plain" else "")
                late = "; stopped at the deadline" if cell["ended"] == "deadline" else ""
                words = f"{cell['words']}{late}{delay(cell)}"
                lines.append(f"  {SIGNS[cell['verdict']]} {who:<20} {words}")
                lines += [f"      {sentence}" for sentence in cell["broken"]]
    return "\n".join(lines[1:])


def delay(cell: Mapping[str, Any]) -> str:
    figure = cell["figures"].get("delay_p50_ms")
    return f"; delay p50 {spread(figure)} ms" if figure else ""


# The figure that answers a scenario's question beside the words: its name, how it is told, and by
# how much it is divided for that.
ASKED = {
    "steady": ("delay_p50_ms", "delay {} ms", 1),
    "slow": ("delay_max_ms", "delay at most {} ms", 1),
    "burst": ("delay_max_ms", "drained in {} s", 1000),
}


def words(cell: Mapping[str, Any]) -> str:
    """Those of the cell, with the median and range of the figure that was asked for."""
    name, told, unit = ASKED.get(cell["scenario"], ("", "", 1))
    figure = cell["figures"].get(name)
    if not figure:
        return str(cell["words"])
    return f"{cell['words']}, {told.format(spread(figure, unit))}"


def spread(figure: Mapping[str, float], unit: float = 1) -> str:
    """Median and range of a figure, in this unit."""
    median, low, high = (f"{round_(figure[key] / unit):,}" for key in ("median", "low", "high"))
    return f"{median} ({low}–{high})" if low != high else median


def round_(value: float) -> float:
    """Two digits, but whole numbers whole."""
    return round(value) if value >= 10 else float(f"{value:.2g}")


def markdown(summary: Mapping[str, Any], names: Collection[str] = ()) -> str:
    """A row for each of these scenarios, or for all; the plain client below ours in a cell."""
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
                (client, cells.get((scenario["name"], pattern["name"], client)))
                for client in ("ours", "plain")
            ]
            told = [
                ("" if client == "ours" else "plain client: ") + words(one)
                for client, one in found
                if one
            ]
            row.append("<br>".join(told) or "–")
        rows.append("| " + " | ".join(row) + " |")
    return "\n".join(rows)


def soak(summary: Mapping[str, Any]) -> str:
    """What many kills did, in a sentence."""
    titles = {one["name"]: one["title"].lower() for one in summary["patterns"]}
    told = []
    for cell in summary["cells"]:
        sent, lost, twice = (
            int(cell["figures"][name]["median"]) for name in ("attempted", "lost", "duplicated")
        )
        who = titles[cell["pattern"]]
        told.append(f"the {who} lost {lost:,} of {sent:,} messages and handled {twice:,} twice")
    kills = f"The lab killed {summary['made']['kills']:,} listeners of each pattern under load"
    return f"{kills}: {', '.join(told)}."


if __name__ == "__main__":
    results = json.loads(REFERENCE.read_text())
    if sys.argv[1:] == ["short"]:
        print(markdown(results, SHORT))
    else:
        print(markdown(results), soak(json.loads(SOAK.read_text())), sep="\n\n")
