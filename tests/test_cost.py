"""What reliability costs: each pattern's rate and delay beside those of prodcons."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from pages.compare.cost import Price, costs, markdown
from pages.compare.results import read_run
from tests.measured import Write, cell, summary, text
from web import app


def figure(median: float, low: float = 0, high: float = 0) -> dict[str, float]:
    return {"median": median, "low": low or median, "high": high or median}


def steady(pattern: str, p50: float, **fields: Any) -> dict[str, Any]:
    figures = {"delay_p50_ms": figure(p50, p50 / 2, p50 * 2), "delay_p99_ms": figure(3 * p50)}
    return cell("steady", pattern, figures=figures, **fields)


def burst(pattern: str, seconds: float, hearers: int = 1, lost: int = 0) -> dict[str, Any]:
    none: dict[str, float] = {"median": 0, "low": 0, "high": 0}
    figures = {"attempted": figure(1000), "received": figure(1000 * hearers)}
    figures |= {"left": none, "lost": {**none, "high": lost}}
    figures |= {"delay_max_ms": figure(seconds * 1000, seconds * 500, seconds * 2000)}
    return cell("burst", pattern, figures=figures)


def named(*names: str) -> list[dict[str, str]]:
    described = summary()["scenarios"][0]
    return [described | {"name": name, "title": name.title()} for name in names]


SCENARIOS = named("steady", "killed", "burst")
QUEUE = [steady("prodcons", 0.4), burst("prodcons", 2)]


def test_a_figure_stands_with_its_range_and_beside_prodcons(write: Write) -> None:
    cells = [*QUEUE, steady("pubsub", 0.6), burst("pubsub", 1, hearers=3), cell("killed", "pubsub")]
    queue, channel = costs(read_run(write(cells=cells, scenarios=SCENARIOS)))
    assert queue.prices[0] == Price("500", "250–1,000", "1")
    assert channel.prices[0] == Price("1,000", "500–2,000", "2")
    assert channel.prices[1] == Price("0.6 ms", "0.3–1.2", "1.5")
    assert (queue.hearers, channel.hearers) == (1, 3)
    assert queue.killed is None
    assert channel.killed


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [steady("reliable", 0.5, verdict="invalid", words="nothing was measured")],
        [steady("reliable", 0.5, verdict="broken", words="3 twice")],
        [burst("reliable", 3, lost=1)],
        [cell("burst", "reliable", figures={})],
    ],
)
def test_what_was_not_measured_is_a_dash(cells: list[dict[str, Any]], write: Write) -> None:
    beside = cell("steady", "reliable", "plain")
    run = read_run(write(cells=[*QUEUE, *cells, beside], scenarios=SCENARIOS))
    assert [cost.title for cost in costs(run)] == ["Producer–consumer"]
    one = cells[:1] and cells[0]["scenario"] == "steady"
    missing = burst("reliable", 4) if one else steady("reliable", 0.8)
    run = read_run(write(cells=[*QUEUE, *cells, missing], scenarios=SCENARIOS))
    told = [price.ratio for price in costs(run)[1].prices]
    assert told == (["0.5", "", ""] if one else ["", "2", "2"])
    assert "| Reliable queue | – | " in markdown(run, is_short=False)


def test_without_prodcons_there_is_no_ratio(write: Write) -> None:
    run = read_run(write(cells=[steady("stream", 0.5)], scenarios=SCENARIOS))
    (stream,) = costs(run)
    assert stream.prices[1] == Price("0.5 ms", "0.25–1", "")


def test_the_page_begins_with_it_and_says_that_a_quick_run_means_little(write: Write) -> None:
    client: FlaskClient = app.test_client()
    write(cells=QUEUE, scenarios=SCENARIOS)
    shown = text(client.get("/compare").text)
    assert shown.index("What does reliability cost?") < shown.index("Which one do I take?")
    assert "Messages/s × 1 500 250–1,000" in shown
    assert "these figures mean little" not in shown
    write(cells=QUEUE, scenarios=SCENARIOS, made={"quick": True})
    assert "these figures mean little" in client.get("/compare").text
    write()
    assert "What does reliability cost?" not in client.get("/compare").text
