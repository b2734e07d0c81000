"""The page of what was measured: which run it shows, and what its questions lead to."""

import os
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from patterns import COMPARED, PATTERNS
from tests.measured import ANSWERS, Write, cell, links, text
from tests.parts import Web
from web import app


@pytest.fixture
def client() -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(
    "content", [None, "", "{", "[]", "null", '{"cells": 3}', '{"cells": []}', "\xff", "[" * 100_000]
)
def test_without_a_run_it_says_how_to_make_one(
    content: str | None, write: Write, client: FlaskClient
) -> None:
    path = write()
    path.unlink() if content is None else path.write_text(content)
    for query in ("", f"?{ANSWERS}", "?run=own", "?run=own&every=yes"):
        answer = client.get(f"/compare{query}")
        assert answer.status_code == 200
        assert "./scripts/compare makes one" in text(answer.text)
    assert "Take " not in answer.text
    answer = client.get("/compare/cut/prodcons")
    assert answer.status_code == 404
    assert "./scripts/compare" in answer.text


def test_the_heads_lead_to_the_two_columns_that_show_a_pattern(
    write: Write, client: FlaskClient
) -> None:
    write()
    shown = unescape(client.get("/compare").text)
    heads = re.findall(r'href="/\?left=(\w+)&right=(\w+)"', shown)
    assert len(heads) == len(COMPARED)
    for columns, pattern in zip(heads, COMPARED.values(), strict=True):
        assert pattern.script in columns


def test_a_run_that_changes_is_read_again(write: Write, client: FlaskClient) -> None:
    path = write()
    assert "3 twice" in client.get("/compare").text
    write(cells=[cell("cut", "prodcons", words="kept each")])
    os.utime(path, ns=(1, 1))
    assert "kept each" in client.get("/compare").text
    assert "3 twice" not in client.get("/compare").text


def test_the_switch_stands_where_there_is_an_own_run_and_stays(
    write: Write, client: FlaskClient
) -> None:
    write()
    assert "run=own" not in client.get("/compare").text
    write("own", cells=[cell("cut", "prodcons", words="mine"), cell("killed", "prodcons")])
    assert f"/compare?run=own&{ANSWERS}" in links(client.get(f"/compare?{ANSWERS}").text)
    shown = client.get("/compare?run=own")
    assert "mine" in shown.text
    opened = [link for link in links(shown.text) if "/cut/" in link]
    assert opened == ["/compare/cut/prodcons?run=own"]
    inner = client.get(opened[0]).text
    assert "your own run" in inner
    assert set(links(inner)) == {"/compare?run=own", "/compare/killed/prodcons?run=own"}


def test_answers_lead_to_a_pattern_and_its_proofs(write: Write, client: FlaskClient) -> None:
    write()
    said = text(client.get(f"/compare?{ANSWERS}").text)
    assert "Nothing gives all of that by itself; the nearest is Reliable queue. reliable." in said
    assert "Killed: kept all Poison: kept all" in said
    said = text(client.get(f"/compare?{ANSWERS.replace('twice=no', 'twice=yes')}").text)
    assert "Take Reliable queue." in said
    assert PATTERNS["reliable"].facts.twice.sentence in said


def test_what_is_given_with_an_option_is_taken_with_it(write: Write, client: FlaskClient) -> None:
    write()
    said = text(client.get(f"/compare?{ANSWERS.replace('hand=no', 'hand=yes')}").text)
    assert "Take Producer–consumer, with one listener and --oldest-first. prodcons." in said
    assert "Not by itself: A backlog comes out newest first" in said


def test_an_own_run_says_how_it_was_made(write: Write, client: FlaskClient) -> None:
    made = {"repeat": 1, "listener": "./mine", "through_web": True, "rate": 900, "kills": 50}
    write("own", made=made | {"url": "redis:6379"}, cells=[cell("cut", "prodcons")])
    shown = text(client.get("/compare?run=own").text)
    for part in ("each cell once", "./mine", "over HTTP", "redis:6379", "900 messages", "50 kills"):
        assert part in shown
    assert "this project’s own" not in shown
    inner = client.get("/compare/cut/prodcons?run=own").text
    assert '<h2 id="ours-title" class="">Your listener</h2>' in inner


def test_a_run_says_which_server_it_was_made_with(write: Write, client: FlaskClient) -> None:
    write("own", made={"product": "Valkey", "redis": "9.1.2", "server": "/opt/valkey-server"})
    shown = text(client.get("/compare?run=own").text)
    assert "Valkey 9.1.2" in shown
    assert "Redis 9.1.2" not in shown
    write("own", made={"redis": "7.0.15"})  # an older run
    assert "Redis 7.0.15" in text(client.get("/compare?run=own").text)
    write("own", made={"product": "", "redis": "", "redis_py": "8.1.0"})  # it might not be asked
    assert "Your own run: redis-py 8.1.0" in text(client.get("/compare?run=own").text)


@pytest.mark.parametrize(
    ("query", "count"), [("every=no&away=no", 2), ("every=no&away=x&hand=%ff", 1)]
)
def test_answers_that_are_not_complete_lead_nowhere_yet(
    query: str, count: int, write: Write, client: FlaskClient
) -> None:
    write()
    shown = client.get(f"/compare?{query}").text
    assert f"{count} of 6 are answered" in text(shown)
    assert shown.count(" checked") == count


def test_the_web_serves_it(web: Web) -> None:
    answer = web.ask(f"/compare?{ANSWERS}")
    assert answer.status == 200
    assert "Reliable queue" in answer.text
