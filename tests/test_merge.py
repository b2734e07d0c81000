"""./scripts/compare --into FILE: which cells are merged into a summary, and what is refused."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from lab.report.merge import NotMergedError, merge, merge_into, read_summary
from starting.machine import describe
from tests.measured import Write, cell, summary, text
from tests.processes import Process
from web import app

Start = Callable[..., Any]

MADE: dict[str, Any] = {"date": "2026-11-21", "cpu": "Xeon", "cores": 2, "redis": "7.0.15"}
MADE |= {"seed": 1, "quick": False}
LATER = MADE | {"date": "2026-11-22", "seed": 2}


def stored(*cells: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return summary(cells=list(cells), made=MADE, **fields)


def later(*cells: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return summary(cells=list(cells), made=LATER, **fields)


def told(merged: dict[str, Any]) -> list[tuple[str, ...]]:
    names = ("scenario", "pattern", "client", "words")
    return [tuple(one[name] for name in names) for one in merged["cells"]]


def test_cells_are_replaced_and_added_in_their_order() -> None:
    old = stored(cell("killed", "pubsub"), cell("poison", "prodcons"), cell("cut", "pubsub"))
    new = later(cell("cut", "pubsub", words="anew"), cell("cut", "pubsub", "plain", words="too"))
    new["cells"].append(cell("steady", "reliable", words="first"))
    merged = merge(old, new)
    assert told(merged) == [
        ("steady", "reliable", "ours", "first"),
        ("killed", "pubsub", "ours", "kept all"),
        ("cut", "pubsub", "ours", "anew"),
        ("cut", "pubsub", "plain", "too"),
        ("poison", "prodcons", "ours", "kept all"),
    ]
    assert merged["made"] == MADE
    made = {"date": "2026-11-22", "seed": 2}
    assert [one.get("made") for one in merged["cells"]] == [made, None, made, made, None]


def test_an_invalid_cell_replaces_nothing(tmp_path: Path) -> None:
    invalid: dict[str, Any] = {"verdict": "invalid", "words": "nothing was measured"}
    path = tmp_path / "stored.json"
    path.write_text(json.dumps(stored(cell("cut", "pubsub"))))
    new = later(cell("cut", "pubsub", **invalid), cell("cut", "stream", **invalid))
    said = merge_into(path, new)
    merged = json.loads(path.read_text())
    assert [one["verdict"] for one in merged["cells"]] == ["kept", "invalid"]
    assert "1 added, 1 invalid and left out." in said
    assert "seed: 1 there, 2 here" in said
    assert os.listdir(tmp_path) == ["stored.json"]


def test_scenarios_and_patterns_are_those_of_both() -> None:
    scenario = summary()["scenarios"][0]
    old, new = stored(), later()
    old["scenarios"] = [scenario | {"name": name} for name in ("retired", "poison", "cut")]
    new["scenarios"] = [scenario | {"name": name, "about": "new"} for name in ("cut", "steady")]
    old["patterns"], new["patterns"] = old["patterns"][2:], new["patterns"][:3]
    merged = merge(old, new)
    names = [(one["name"], one["about"] == "new") for one in merged["scenarios"]]
    assert names == [("steady", True), ("cut", True), ("poison", False), ("retired", False)]
    assert merged["patterns"] == summary()["patterns"]


@pytest.mark.parametrize(
    ("differs", "sentence"),
    [
        ({"cpu": "Epyc", "cores": 8}, "processor: Xeon there, Epyc here; cores: 2 there, 8 here."),
        ({"redis": "7.4.1"}, "Redis: 7.0.15 there, 7.4.1 here."),
        ({"quick": True}, "--quick: no there, yes here."),
        ({"listener": "./mine"}, "--listener: no there, ./mine here."),
    ],
)
def test_what_was_made_otherwise_is_not_merged(
    differs: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "stored.json"
    path.write_text(json.dumps(stored()))
    with pytest.raises(NotMergedError) as refused:
        read_summary(path, LATER | differs)
    assert str(refused.value).endswith(f"so nothing is merged. {sentence}")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"cells": 3}', '{"cells": [{}]}', "\xff", "[" * 100_000]
)
def test_what_is_no_summary_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "stored.json"
    path.write_text(content)
    with pytest.raises(NotMergedError, match="is no summary of a comparison"):
        read_summary(path, MADE)
    assert path.read_text() == content


def compare(folder: Path, into: Path, *options: str) -> list[str]:
    words = ("--scenario", "order-one", "--pattern", "prodcons", *options)
    at = ("--results", str(folder), "--into", str(into))
    return [sys.executable, "-m", "lab.compare", *words, *at]


def test_it_is_refused_before_anything_runs(tmp_path: Path, start: Start) -> None:
    results, other = tmp_path / "results", tmp_path / "other.json"
    other.write_text("{}")
    otherwise = tmp_path / "otherwise.json"
    otherwise.write_text(json.dumps(stored()))
    sentences = {
        tmp_path / "none.json": "cannot be read: No such file or directory.",
        other: "is no summary of a comparison.",
        otherwise: "was made otherwise, so nothing is merged.",
        results / "summary.json": "which each comparison writes anew",
    }
    started = {path: start(Process, compare(results, path)) for path in sentences}
    for path, process in started.items():
        assert sentences[path] in process.ended()
        assert process.popen.returncode == 2
    assert not results.exists()


def test_a_comparison_is_merged(tmp_path: Path, start: Start) -> None:
    path = tmp_path / "stored.json"
    made = describe() | {"date": "2026-11-21", "seed": 7, "quick": True, "client": "ours"}
    old = [cell("cut", "prodcons"), cell("order-one", "prodcons", words="long ago")]
    path.write_text(json.dumps(stored(*old) | {"made": made}))
    process = start(Process, compare(tmp_path / "results", path, "--quick"))
    assert "1 replaced, 0 added." in process.ended(60)
    assert process.popen.returncode == 0
    merged = json.loads(path.read_text())
    assert told(merged) == [
        ("cut", "prodcons", "ours", "kept all"),
        ("order-one", "prodcons", "ours", "kept all, newest first"),
    ]
    fresh = json.loads((tmp_path / "results" / "summary.json").read_text())
    kept, fresh_one = merged["cells"]
    assert "made" not in kept
    assert fresh_one["made"]["date"] == fresh["made"]["date"]
    assert fresh_one["made"]["seed"] == 1


def test_the_page_says_which_cells_were_measured_apart(write: Write) -> None:
    client: FlaskClient = app.test_client()
    made = {"date": "2026-11-22T06:00:00+00:00", "seed": 2}
    write(cells=[cell("cut", "pubsub", made=made), cell("cut", "prodcons")])
    assert "1 of 2 cells measured apart" in text(client.get("/compare").text)
    said = text(client.get("/compare/cut/pubsub").text)
    assert "Measured apart from the rest: 2026-11-22 06:00 UTC · seed 2." in said
    assert "apart" not in text(client.get("/compare/cut/prodcons").text)
