"""What measured nothing, and what never came: told as that in every table, page and chart."""

import json
import math
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from lab.report.merge import write_summary
from lab.report.table import markdown, sum_up, table
from pages.compare.cost import markdown as costs
from pages.compare.results import read_run
from tests.browser import LOOKS, Tab, is_for_all
from tests.measured import Write, cell, summary, text
from web import app

REASONS = ["Nothing was sent.", "The listeners still worked when the time was over."]
INVALID: dict[str, Any] = {
    "verdict": "invalid",
    "words": "nothing was measured",
    "broken": REASONS,
    "figures": {"delay_p50_ms": {"median": 5, "low": 4, "high": 6}},
}
NEVER = {"median": "never", "low": 12, "high": "never"}
CHART = {"delay": [[0.25, 0.6, "never"], [0.5, "never", "never"], [0.75, 0.5, 31]]}


@pytest.fixture
def client() -> FlaskClient:
    return app.test_client()


def test_the_reasons_stand_on_every_page(write: Write, client: FlaskClient) -> None:
    write(cells=[cell("cut", "prodcons", **INVALID), cell("killed", "prodcons")])
    told = "invalid: nothing was measured " + " ".join(REASONS)
    for path in ("/compare", "/compare/killed/prodcons"):
        assert told in text(client.get(path).text)
    shown = text(client.get("/compare/cut/prodcons").text)
    assert "nothing was measured invalid: the run says nothing of the pattern" in shown
    assert " ".join(REASONS) in shown
    assert "say nothing of the pattern; they may help" in shown


def test_the_reasons_stand_in_every_table_without_a_figure(write: Write) -> None:
    scenario = summary()["scenarios"][0] | {"name": "steady"}
    invalid = [cell("steady", "prodcons", **INVALID), cell("killed", "stream", **INVALID)]
    run = summary(scenarios=[scenario], cells=[*invalid, cell("steady", "stream")])
    lines = table(run).splitlines()
    assert lines[1].split() == ["?", "prodcons", "nothing", "was", "measured"]
    assert [line.strip() for line in lines[2:4]] == REASONS
    assert f"| ? nothing was measured: {' '.join(REASONS)} |" in markdown(run, is_short=False)
    scenario = {"scenarios": [scenario, scenario | {"name": "killed"}]}
    told = costs(read_run(write(cells=run["cells"], **scenario)), is_short=True)
    assert f"| Stream | invalid: nothing was measured. {' '.join(REASONS)} | – | 0.52 ms" in told


def test_an_infinite_delay_is_never_in_a_summary(write: Write) -> None:
    job = {"scenario": "steady", "pattern": "prodcons", "settings": {"client": "ours"}}
    verdict = {"verdict": "allowed", "words": "lost 1 of 9", "broken": [], "ended": "drained"}

    def run(delay: float) -> dict[str, Any]:
        charts = {"delay": [[0.25, 0.5, delay]]}
        return job | verdict | {"figures": {"delay_p50_ms": delay}, "charts": charts}

    told = sum_up([run(math.inf), run(12.0), run(math.inf)])
    assert told["figures"]["delay_p50_ms"] == NEVER | {"low": 12.0}
    assert told["charts"] == {"delay": [[0.25, 0.5, "never"]]}
    path = write()
    write_summary(path, summary(cells=[told]))
    assert "Infinity" not in path.read_text()
    scenarios = [summary()["scenarios"][0] | {"name": "steady"}]
    seen = summary(cells=[told], scenarios=scenarios)
    assert "lost 1 of 9; delay p50 never (12–never) ms" in table(seen)
    assert "lost 1 of 9, delay never (12–never) ms" in markdown(seen, is_short=False)
    told = sum_up([run(math.inf)])
    assert table(seen | {"cells": [told]}).rpartition("; ")[2] == "delay p50 never"


def test_an_infinite_delay_is_never_on_the_pages(write: Write, client: FlaskClient) -> None:
    figures = {"delay_p50_ms": NEVER, "delay_p99_ms": dict.fromkeys(NEVER, "never")}
    scenarios = [summary()["scenarios"][0] | {"name": "steady"}]
    write(cells=[cell("steady", "pubsub", figures=figures, charts=CHART)], scenarios=scenarios)
    shown = client.get("/compare/steady/pubsub").text
    assert "sent to received, median, ms never 12–never" in text(shown)
    assert "sent to received, 99 %, ms never Other" not in text(shown)
    assert "median from 0.5 to never; longest from 31 to never" in text(shown)
    points = shown.partition('id="measured">')[2].partition("</script>")[0]
    assert json.loads(points)["charts"][0]["points"] == [
        [[0.25, 0.6, None], [0.5, None, None], [0.75, 0.5, 31.0]]
    ]
    assert "Delay, median never 12–never" in text(client.get("/compare").text)


def test_both_are_drawn_and_for_all(write: Write, address: str, browser: Browser) -> None:
    never = {"delay": [[0.25, "never", "never"], [0.5, "never", "never"]]}
    cells = [cell("cut", "prodcons", charts=CHART), cell("cut", "prodcons", "plain", charts=never)]
    write(cells=[*cells, cell("cut", "pubsub", **INVALID), cell("killed", "pubsub", **INVALID)])
    for look in LOOKS:
        tab = Tab(browser, f"{address}/compare/cut/prodcons", **look)
        tab.page.wait_for_selector("#delay-plain canvas")
        for path in ("cut/prodcons", "cut/pubsub", ""):
            tab.page.goto(f"{address}/compare/{path}".rstrip("/"))
            is_for_all(tab.page)
        assert not tab.errors
        tab.context.close()
