"""The tables of docs and README on the ways to have work done, from the kept runs.

python -m bench.ways_table [pools]
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

from jobs.ways import WAYS
from starting.process import ROOT

RESULTS = ROOT / "bench" / "results"
WORDS = {  # of a state, in the order in which they are told
    "SUCCESS": "done",
    "FAILURE": "failed",
    "UNKNOWN": "unknown",
    "STARTED": "still said to be in hand",
    "RETRY": "to be tried again",
    "PENDING": "still waiting",
}


def table(rows: list[list[str]]) -> str:
    head, *rest = rows
    lines = [head, ["---", *("--:" for _ in head[1:])], *rest]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def of_ways(run: Mapping[str, Any]) -> str:
    head = ["", "click, p50 / p99", "outcome, p50 / p99", "outcomes known"]
    rows = [[*head, "three, and kill -9", "five, and the web restarted"]]
    for name, found in run["ways"].items():
        times = found["times"]
        pairs = [
            f"{milliseconds(times[f'{what}_p50_ms'])} / {milliseconds(times[f'{what}_p99_ms'])}"
            for what in ("click", "outcome")
        ]
        known = f"{times['known']} of {times['clicks']}"
        left = [what_became(found[what]) for what in ("killed", "restarted")]
        rows.append([WAYS[name].title, *pairs, known, *left])
    return table(rows)


def milliseconds(value: float | None) -> str:
    """In ms, or in s from one second on."""
    if value is None:
        return "–"
    return f"{value / 1000:.1f} s" if value >= 1000 else f"{value:.0f} ms"


def what_became(found: Mapping[str, Any]) -> str:
    """What became of the pieces, as «2 done, 1 unknown»."""
    states = found["states"]
    said = [f"{states[one]} {word}" for one, word in WORDS.items() if states.get(one)]
    never = found["asked"] - sum(states.values())
    return ", ".join([*said, *([f"{never} never taken"] if never else [])])


def of_pools(run: Mapping[str, Any]) -> str:
    rows = [["", "20 that wait", "20 that compute"]]
    for name, found in run["pools"].items():
        seconds = [f"{found[kind]['seconds']:.1f} s" for kind in ("waiting", "computing")]
        rows.append([name, *seconds])
    return table(rows)


TABLES = {"ways": of_ways, "pools": of_pools}

if __name__ == "__main__":
    (name,) = sys.argv[1:] or ["ways"]
    print(TABLES[name](json.loads((RESULTS / f"{name}.json").read_text())))
