"""Any two patterns stand side by side, and clicks lead back to them."""

import re
from itertools import permutations

import pytest

from pages.front.columns import as_query, choices, read_columns
from patterns import PATTERNS
from tests.parts import Web

NAMES = [*PATTERNS]
PAIRS = list(permutations(NAMES, 2))
COLUMN = r'<section id="(\w+)" class="pattern'


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, "prodcons pubsub"),
        ({"left": "stream", "right": "prodcons"}, "stream prodcons"),
        ({"left": "reliable"}, "reliable stream"),
        ({"left": "stream"}, "stream reliable"),
        ({"right": "stream"}, "reliable stream"),
        ({"right": "prodcons"}, "pubsub prodcons"),
        ({"left": "pubsub", "right": "pubsub"}, "pubsub prodcons"),
        ({"left": "nobody", "right": "stream"}, "reliable stream"),
        ({"left": "nobody", "right": ""}, "prodcons pubsub"),
    ],
)
def test_what_makes_no_sense_is_made_up_for(asked: dict[str, str], shown: str) -> None:
    assert read_columns(asked) == shown.split()


def test_what_was_clicked_is_shown() -> None:
    mixed, plain = {"left": "stream", "right": "pubsub"}, {"left": "prodcons", "right": "pubsub"}
    assert read_columns({}, "stream") == ["reliable", "stream"]
    assert read_columns(mixed, "pubsub") == ["stream", "pubsub"]
    assert read_columns(plain, "reliable") == ["reliable", "stream"]


def test_a_pattern_without_a_partner_stands_with_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd = NAMES if len(NAMES) % 2 else [*NAMES, "odd"]
    monkeypatch.setattr("pages.front.columns.NAMES", odd)
    assert read_columns({"left": odd[-1]}) == [odd[-1], "prodcons"]


@pytest.mark.parametrize("columns", PAIRS)
def test_any_choice_gives_two_and_the_other_one_stays_or_changes_sides(
    columns: tuple[str, str],
) -> None:
    for side in (0, 1):
        for name, query in choices(columns, side).items():
            chosen = read_columns(query)
            assert chosen[side] == name
            assert chosen[1 - side] == columns[side if name == columns[1 - side] else 1 - side]
    assert read_columns(as_query(columns)) == [*columns]


@pytest.mark.parametrize("columns", PAIRS)
def test_each_link_of_a_page_leads_back_to_it(columns: tuple[str, str], web: Web) -> None:
    page = web.ask(f"/?left={columns[0]}&right={columns[1]}").text
    assert re.findall(COLUMN, page) == [*columns]
    assert re.findall(r'aria-current="true">(.*?)<', page) == [
        PATTERNS[n].words.title for n in columns
    ]
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    for name in columns:
        (link,) = re.findall(rf'class="one" href="(/{name}[^"]*)"', page)
        (action,) = re.findall(rf'action="(/{name}[^"]*)"', page)
        clicked = web.ask(link.replace("&amp;", "&"))
        written = web.ask(action.replace("&amp;", "&"), "POST", "body=hi", **form)
        for answer in (clicked, written):
            assert answer.status == 303
            location, _, anchor = answer.headers["Location"].partition("#")
            assert anchor == name
            after = web.ask(location).text
            assert re.findall(COLUMN, after) == [*columns]
            assert after.count("Last click:") == 1


@pytest.mark.parametrize("query", ["left=%ff&right=%00", "left=a&left=b", "left[]=x&right=stream"])
def test_nonsense_is_no_error(query: str, web: Web) -> None:
    page = web.ask(f"/?{query}")
    assert page.status == 200
    assert len(set(re.findall(COLUMN, page.text))) == 2
