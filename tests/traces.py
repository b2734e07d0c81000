"""Recorded runs of the experiments: what /events told of one pattern while a button did it all.

`python -m tests.traces` records all anew with a real demo and a real browser, in about a quarter
of an hour; `python -m tests.traces nobody killed` records these.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pages.front.experiments import EXPERIMENTS
from patterns import PATTERNS
from starting import browser
from tests.browser import Tab
from tests.parts import Demo
from tests.playing import done, play
from tests.processes import ROOT, eventually

FOLDER = ROOT / "tests" / "cases" / "traces"
PAIRS = (("prodcons", "pubsub"), ("reliable", "stream"), ("prodcons", "fanout"))
CARD = ("id", "name", "pid", "state", "received", "missed", "in_hand")
FIGURES = (
    *("sent", "unknown", "received", "elsewhere", "missed", "deliveries", "unheard"),
    *("redelivered", "dead", "dead_letters", "waiting", "there", "listeners"),
)
STATUS = ("redis", "run_id", "zero", "at")
RECORD = """() => {
  window.told = [];
  window.source = new EventSource("/events");
  for (const kind of ["snapshot", "change"])
    window.source.addEventListener(kind, (event) => window.told.push(JSON.parse(event.data)));
}"""
MESSAGE, LISTENER = r"[\w.]+-\d+-[0-9a-f]{6}(?=-\d+\b)", r"[\w.-]+-\d+-[0-9a-f]{6}-[a-z]+"

Told = dict[str, Any]


def trimmed(told: list[Told], pattern: str) -> list[Told]:
    """Return what experiments read of one pattern: in each line only what has changed."""
    lines: list[Told] = []
    known: Told = {}
    for one in told:
        line: Told = {name: one[name] for name in STATUS}
        if pattern in one["patterns"]:
            now = {k: v for k, v in one["patterns"][pattern].items() if k in FIGURES}
            now["listeners"] = [{k: card[k] for k in CARD} for card in now["listeners"]]
            line["figures"] = {k: v for k, v in now.items() if known.get(k, "") != v}
            known = known | now
        moves = (one.get("moves") or {}).get(pattern, {})
        if moves:
            line["moves"] = {k: [m[:3] if k == "taken" else m for m in v] for k, v in moves.items()}
        stage = (one.get("stage") or {"listeners": {}})["listeners"]
        ours = {name: on for name, on in stage.items() if on["pattern"] == pattern}
        line["stage"] = {
            name: {key: on[key] for key in ("pid", "is_kept_out") if on[key]}
            for name, on in ours.items()
        }
        lines.append({key: value for key, value in line.items() if value or key == "at"})
    return lines


def anonymous(text: str) -> str:
    """Return it with short names in place of hosts, processes and the like."""
    for kind, letter in ((LISTENER, "listener"), (MESSAGE, "web"), (r"[0-9a-f]{40}", "redis")):
        found = list(dict.fromkeys(re.findall(kind, text)))
        for number, one in enumerate(found, 1):
            text = re.sub(rf"(?<![\w.-]){re.escape(one)}\b", f"{letter}{number}", text)
    return text


def path(name: str, pattern: str) -> Path:
    return FOLDER / f"{name.replace(' ', '_')}-{pattern}.jsonl"


def save(name: str, pattern: str, told: list[Told]) -> None:
    lines = trimmed(told, pattern)
    begin = lines[0]["at"]
    for line in lines:
        line["at"] = round(line["at"] - begin, 2)
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    FOLDER.mkdir(exist_ok=True)
    path(name, pattern).write_text(anonymous(text))


def read(name: str, pattern: str) -> list[Told]:
    """Return a status of the pattern for each line of a trace, and its moves as `moves`."""
    figures: Told = {}
    states = []
    for text in path(name, pattern).read_text().splitlines():
        line = json.loads(text)
        figures = figures | line.get("figures", {})
        on_stage = {
            who: {"pattern": pattern, "is_kept_out": False} | on
            for who, on in line.get("stage", {}).items()
        }
        states.append(
            {name: line.get(name) or "" for name in STATUS}
            | {"patterns": {pattern: figures}, "stage": {"listeners": on_stage}}
            | {"moves": {pattern: line.get("moves", {})}, "at": line["at"]}
        )
    return states


def recorded() -> Iterator[tuple[str, str]]:
    """The experiments and patterns of which there is a trace."""
    for one in sorted(FOLDER.glob("*.jsonl")):
        name, _, pattern = one.stem.partition("-")
        if not name.startswith("not_"):
            yield name, pattern


def record(tab: Tab, name: str, columns: tuple[str, str], times: int = 4) -> str:
    """Run an experiment until all of it was seen, and save that; return what the page says."""
    tab.page.evaluate(RECORD)
    said = play(tab, name)
    # What comes afterwards belongs to it: two normal listeners stand there again.
    eventually(lambda: all(tab.figure(one, "there") == "2" for one in columns))
    told = tab.page.evaluate("() => { window.source.close(); return window.told; }")
    if name not in done(tab):
        return record(tab, name, columns, times - 1) if times else f"Not done: {said}"
    for pattern in columns:
        if tab.page.query_selector(f"#try-{name} [data-of={pattern}]"):
            save(name, pattern, told)
    return said


def main(names: list[str]) -> None:
    demo = Demo()
    try:
        demo.is_up()
        with browser.launch() as launched:
            for columns in PAIRS:
                left, right = columns
                url = f"http://127.0.0.1:{demo.port}/?left={left}&right={right}"
                tab = Tab(launched, url)
                tab.is_live()
                for name in names:
                    if tab.page.query_selector(f"#try-{name}"):
                        print(record(tab, name, columns), flush=True)
                tab.context.close()
    finally:
        demo.kill()


if __name__ == "__main__":
    assert PATTERNS.keys() <= {one for pair in PAIRS for one in pair}
    main(sys.argv[1:] or [one.name for one in EXPERIMENTS])
