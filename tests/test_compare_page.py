"""The page of what was measured: which run it shows, and what its questions lead to."""

import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from threading import Thread

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from patterns import COMPARED, PATTERNS
from tests.browser import LOOKS, Tab, follow, is_for_all
from tests.measured import ANSWERS, Write, cell, links, text, writer
from tests.parts import Web
from web import app


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    return writer(tmp_path, monkeypatch)


@pytest.fixture
def client() -> FlaskClient:
    return app.test_client()


@pytest.fixture
def address() -> Iterator[str]:
    """The real web, in this process, so that it reads the summary of the test."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


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


def test_axe_finds_nothing_and_nothing_is_too_wide(
    write: Write, address: str, browser: Browser
) -> None:
    write()
    write("own")
    paths = ("/compare", f"/compare?{ANSWERS}", "/compare/cut/prodcons", "/compare/killed/stream")
    for look in LOOKS:
        tab = browser.new_context(**look).new_page()
        for path in paths:
            tab.goto(address + path)
            if "/cut/" in path or "/killed/" in path:
                tab.wait_for_selector("figure canvas")
            is_for_all(tab)
        tab.context.close()


def test_six_clicks_and_a_button_lead_to_the_answer(
    write: Write, address: str, browser: Browser
) -> None:
    write()
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/compare")
    for answer in ANSWERS.split("&"):
        name, _, value = answer.partition("=")
        tab.check(f"input[name={name}][value={value}]")
    follow(tab, "form button")
    assert tab.url == f"{address}/compare?{ANSWERS}#answer"
    follow(tab, "#answer >> text=Killed:")
    assert tab.inner_text("h1") == "1. Killed: Reliable queue"
    context.close()


def drawn(browser: Browser, address: str) -> Tab:
    """A cell of both clients, with its charts."""
    tab = Tab(browser, f"{address}/compare/cut/prodcons")
    tab.page.wait_for_selector("#length-plain canvas")
    assert not tab.errors
    return tab


def test_each_chart_is_drawn_and_has_a_name(write: Write, address: str, browser: Browser) -> None:
    write()
    tab = drawn(browser, address)
    charts = tab.page.get_by_role("img", name="Delay, ms: median from 0.4 to 0.6; longest from 1.9")
    assert charts.count() == 2
    assert tab.page.locator("figure canvas").count() == 6
    tab.page.hover("#delay-ours .u-over", position={"x": 1, "y": 9})
    for client in ("ours", "plain"):  # one second is pointed at in all charts
        tab.page.wait_for_selector(f"#delay-{client} .u-legend >> text=0.25 s")
        assert "longest1.9" in tab.page.inner_text(f"#delay-{client} .u-legend")
    tab.context.close()


def test_both_clients_are_drawn_on_the_same_scales(
    write: Write, address: str, browser: Browser
) -> None:
    ours = "document.querySelector('#delay-ours canvas').toDataURL()"
    shown = []
    for longest in (31, 31, 5000):
        charts = {"delay": [[0.25, 0.6, longest]], "length": [[0.25, 1]]}
        write(cells=[cell("cut", "prodcons"), cell("cut", "prodcons", "plain", charts=charts)])
        tab = drawn(browser, address)
        shown.append(tab.page.evaluate(ours))
        tab.context.close()
    assert shown[0] == shown[1] != shown[2]


def test_without_the_library_the_ranges_stand_there(
    write: Write, address: str, browser: Browser
) -> None:
    write()
    tab = drawn(browser, address)
    tab.page.route("**/uPlot*", lambda route: route.abort())
    tab.page.reload()
    tab.page.wait_for_load_state("networkidle")
    assert "longest from 1.9 to 31" in tab.page.inner_text("#delay-plain")
    tab.context.close()
