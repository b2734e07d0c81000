"""Each cell of what was measured, in the matrix and opened."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from pages.compare.measures import GROUPS
from pages.compare.results import REFERENCE, read_run
from patterns import COMPARED
from tests.measured import Write, cell, links, summary, text
from web import app


@pytest.fixture
def client() -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": "fine"},
        {"figures": {"lost": 3}},
        {"charts": {"rates": 3}},
        {"charts": {"delay": [[]]}},
        {"charts": {"delay": [[1, float("inf"), 2]]}},
        {"client": "x"},
    ],
)
def test_a_cell_of_another_shape_is_no_traceback(
    fields: dict[str, Any], write: Write, client: FlaskClient
) -> None:
    write(cells=[cell("cut", "prodcons") | fields])
    assert "cannot be read" in client.get("/compare").text


def test_every_cell_stands_there_and_opens(write: Write, client: FlaskClient) -> None:
    write()
    shown = client.get("/compare").text
    assert "2026-11-21 06:00 UTC · 2 cores · Redis 7.0.15" in text(shown)
    opened = {link for link in links(shown) if link != "/compare"}
    assert len(opened) == len(summary()["cells"])
    assert "/compare/cut/prodcons?client=plain" in opened
    for link in opened:
        answer = client.get(link)
        assert answer.status_code == 200
        assert all(client.get(one).status_code == 200 for one in links(answer.text))


def test_a_cell_says_what_became_of_it(write: Write, client: FlaskClient) -> None:
    write()
    row = client.get("/compare").text.partition('id="cut"')[2].partition("</tr>")[0]
    assert "Publish–subscribe, allowed: lost 12 of 1,000: all while away" in text(f"<body>{row}")
    assert "plain client broken: 3 twice" in text(f"<body>{row}")
    assert text(f"<body>{row}").count("not measured") == len(COMPARED) - 2


def test_figures_have_a_range_where_they_differ_and_none_is_made_up(
    write: Write, client: FlaskClient
) -> None:
    write()
    said = text(client.get("/compare/killed/prodcons").text)
    assert "attempted 1,000 received 988 980–1,000 lost 0 Delays" in said
    assert "sent to received, median, ms 0.52 0.48–0.61" in said
    assert "noticed" not in said
    assert "at the end" not in said
    assert "Drained" in said


def test_an_end_that_never_noticed_is_said_to(write: Write, client: FlaskClient) -> None:
    noticed = {"median": 5, "low": 5, "high": 5}
    write(cells=[cell("cut", "pubsub", figures={"noticed_sender_s": noticed})])
    said = text(client.get("/compare/cut/pubsub").text)
    assert "until the sender noticed, s 5" in said
    assert "until the listener noticed, s not noticed" in said


def test_both_clients_stand_side_by_side(write: Write, client: FlaskClient) -> None:
    write()
    for query, order in (("", ["ours", "plain"]), ("?client=plain", ["plain", "ours"])):
        answer = client.get(f"/compare/cut/prodcons{query}")
        assert re.findall(r'<section aria-labelledby="(\w+)-title"', answer.text) == order
        said = text(answer.text)
        assert said.count("Delay, ms median from 0.4 to 0.6; longest from 1.9 to 31") == 2
        assert "Three came twice." in said
        assert "Stopped at the deadline" in said
        assert "attempted 1,000 1,000" in said


@pytest.mark.parametrize(
    "path",
    ["cut/no", "no/prodcons", "poison/pubsub", "cut/pubsub?client=plain", "cut/pubsub?client=x"],
)
def test_what_was_not_measured_is_not_found(path: str, write: Write, client: FlaskClient) -> None:
    write()
    answer = client.get(f"/compare/{path}")
    assert answer.status_code == 404
    assert "The lab knows no such" in answer.text or "not measured in this run" in answer.text


def test_what_a_summary_says_is_text(write: Write, client: FlaskClient) -> None:
    write(cells=[cell("cut", "prodcons", words="<script>alert(1)</script>")])
    for path in ("/compare", "/compare/cut/prodcons"):
        shown = client.get(path).text
        assert "<script>" not in shown
        assert "style=" not in shown
        assert "&lt;script&gt;" in shown


def test_every_figure_of_the_reference_run_has_a_label() -> None:
    labelled = {name for names in GROUPS.values() for name in names}
    assert {name for one in read_run(REFERENCE).cells.values() for name in one.figures} <= labelled
