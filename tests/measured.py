"""A small summary of the lab, invented by a test, and the real web that shows it."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from pages.compare import views
from patterns import COMPARED

ANSWERS = "every=no&away=no&hand=no&twice=no&order=yes&others=no"
Write = Callable[..., Path]


def cell(scenario: str, pattern: str, client: str = "ours", **fields: Any) -> dict[str, Any]:
    figure = {"median": 1000, "low": 1000, "high": 1000}
    return {
        "scenario": scenario,
        "pattern": pattern,
        "client": client,
        "verdict": "kept",
        "words": "kept all",
        "broken": [],
        "ended": "drained",
        "runs": 3,
        "figures": {
            "attempted": figure,
            "received": {"median": 988, "low": 980, "high": 1000},
            "lost": {"median": 0, "low": 0, "high": 0},
            "lost_end": {"median": 0, "low": 0, "high": 0},
            "delay_p50_ms": {"median": 0.523, "low": 0.48, "high": 0.61},
            "noticed_sender_s": None,
        },
        "charts": {
            "delay": [[0.25, 0.6, 1.9], [0.5, None, None], [0.75, 0.5, 31], [1.0, 0.4, 2]],
            "rates": [[0.25, 400, 396], [0.5, 400, 0]],
            "length": [] if pattern == "pubsub" else [[0.25, 3], [0.5, 40]],
        },
        **fields,
    }


def summary(**fields: Any) -> dict[str, Any]:
    """Three scenarios; nobody measured poison with the channel, or cut with the stream."""
    scenario: dict[str, Any] = {
        "question": "Does it arrive?",
        "about": "400 messages/s.",
        "number": "1",
    }
    lost = {"verdict": "allowed", "words": "lost 12 of 1,000: all while away"}
    broken = {"verdict": "broken", "words": "3 twice", "broken": ["Three came twice."]}
    cells = [cell(s, p) for s in ("killed", "poison") for p in COMPARED]
    cells = [one for one in cells if (one["scenario"], one["pattern"]) != ("poison", "pubsub")]
    cells += [cell("cut", "prodcons"), cell("cut", "pubsub", **lost)]
    cells.append(cell("cut", "prodcons", "plain", ended="deadline", **broken))
    return {
        "made": {"date": "2026-11-21T06:00:00+00:00", "cores": 2, "redis": "7.0.15"},
        "patterns": [
            {"name": n, "title": one.words.title, "promise": f"{n}."} for n, one in COMPARED.items()
        ],
        "scenarios": [
            {"name": name, "title": name.title()} | scenario for name in ("killed", "cut", "poison")
        ],
        "cells": cells,
    } | fields


def writer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """What writes a summary as the reference run, or as the reader's own."""
    monkeypatch.setattr(views, "REFERENCE", folder / "reference.json")
    monkeypatch.setattr(views, "OWN", folder / "summary.json")
    monkeypatch.setattr("pages.live.views.LIVE", False)  # nothing is reported from here

    def write(run: str = "reference", **fields: Any) -> Path:
        path = folder / ("summary.json" if run == "own" else "reference.json")
        path.write_text(json.dumps(summary(**fields)))
        return path

    return write


def text(html: str) -> str:
    """What of a page is read, with one space between words."""
    body = html.partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def links(html: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'href="(/compare[^"#]*)', html)]
