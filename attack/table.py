"""Sums up the kept run of ./scripts/attack: python -m attack.table [short]

Prints the table of docs/attack.md, or the sentence of README.md.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

from starting.process import ROOT

KEPT = ROOT / "attack" / "results" / "attack.json"
COUNTS = ("sent", "refused", "unknown", "unanswered", "told", "lost", "twice", "invented")

Run = Mapping[str, Any]  # the content of the file


def table(run: Run) -> str:
    """Return a table of what was tried, what was to come, what came, and the counts."""
    rows = [
        ("tried", "to come", "came", *COUNTS),
        ("---", "---", "---", *("--:" for _ in COUNTS)),
        *(
            (one["tried"], one["to_come"], one["came"] or "that", *numbers(one["counts"]))
            for one in run["results"]
        ),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def numbers(counts: Mapping[str, int]) -> list[str]:
    return [f"{counts[name]:,}" for name in COUNTS]


def sentence(run: Run) -> str:
    """Return what was tried, and what was lost."""
    results = run["results"]
    total = {name: sum(one["counts"][name] for one in results) for name in COUNTS}
    wrong = sum(bool(one["came"]) for one in results)
    return (
        f"{len(results)} attacks in {run['minutes']:.0f} minutes; {wrong or 'none'} of them "
        f"brought what must not come. Of {total['sent']:,} messages that a link said it had sent, "
        f"{total['lost']:,} were lost without a word, {total['told']:,} were missed or deleted, "
        f"which was said, and {total['twice']:,} came twice."
    )


if __name__ == "__main__":
    kept = json.loads(KEPT.read_text())
    print(sentence(kept) if "short" in sys.argv[1:] else table(kept))
