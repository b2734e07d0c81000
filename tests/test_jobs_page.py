"""The pages on work over HTTP: what they show, what they hide, what is forgotten."""

import time

import pytest
from redis import Redis

from jobs import inbox
from jobs.inbox import Mail
from jobs.ways import MISSING, WAYS
from jobs.ways.way import AwayError
from jobs.work import State
from tests.asked import JSON, asked, post, streamed, told
from tests.parts import Web
from tests.pieces import keep
from web import app


def test_a_way_that_is_missing_says_how_to_get_it(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"/jobs/{keep(redis, 'rq', State.STARTED, State.SUCCESS)}"
    monkeypatch.delitem(WAYS, "rq")
    monkeypatch.setitem(MISSING, "rq", "rq is not installed: pip install it")
    client = app.test_client()
    page = client.get("/jobs?left=rq").text
    assert "<span>rq</span>" in page
    assert "rq is not installed: pip install it" in page
    assert client.post("/jobs/rq/wait", headers={"Accept": JSON}).json == {
        "error": "rq is not installed: pip install it"
    }
    assert "Waited 2 s." in client.get(url).text  # what it did is known


def test_a_broker_that_is_away_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AwayError("The broker is away.")

    monkeypatch.setattr(WAYS["celery"], "waiting", refuse)
    monkeypatch.setattr(WAYS["celery"], "start", refuse)
    client = app.test_client()
    assert "The broker is away." in client.get("/jobs?right=celery").text
    answer = client.post("/jobs/celery/wait", headers={"Accept": JSON})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json == {"error": "The broker is away."}
    assert "1 failed" in client.get("/jobs?right=celery").text


def test_a_piece_nobody_knows_is_not_found_and_a_known_one_is_forgotten(
    web: Web, redis: Redis
) -> None:
    url = f"/jobs/{keep(redis, 'list', State.STARTED, State.SUCCESS)}"
    assert web.ask(url).status == web.ask(url, "HEAD").status == 200
    assert web.ask(url, "DELETE").status == 204
    for method in ("GET", "DELETE"):
        answer = web.ask(url, method, Accept=JSON)
        assert answer.status == 404
        assert "Nobody knows a piece of this id" in answer.json()["error"]
    assert post(web, f"{url}/forget").status == web.ask(f"{url}/events").status == 404
    again = keep(redis, "list", State.STARTED, State.SUCCESS)
    assert post(web, f"/jobs/{again}/forget", Accept="text/html").status == 303
    assert web.ask(f"/jobs/{again}").status == 404


def test_what_is_over_of_a_way_is_forgotten_at_once(web: Web, redis: Redis) -> None:
    over = keep(redis, "list", State.STARTED, State.FAILURE)
    waiting, other = keep(redis, "list"), keep(redis, "pool", State.SUCCESS)
    answer = post(web, "/jobs/list/forget?left=list&right=pool", Accept="text/html")
    assert answer.headers["Location"] == "/jobs?left=list&right=pool"
    statuses = [web.ask(f"/jobs/{one}").status for one in (over, waiting, other)]
    assert statuses == [404, 200, 200]


def test_neither_code_nor_phone_number_is_shown(web: Web) -> None:
    (piece,) = asked(web, "/jobs/list/sms_code", phone="+12025550123")
    shown = [web.ask(piece["url"]).text, web.ask("/jobs").text]
    shown.append(web.ask(piece["url"], Accept=JSON).text)
    assert all("+120…23" in text or "+120\\u202623" in text for text in shown)
    assert not any("5550123" in text for text in shown)


def test_states_have_a_plain_word_and_the_unknown_a_reason(web: Web, redis: Redis) -> None:
    id_ = keep(redis, "list", State.STARTED)  # by a worker that is not there
    found = told(web, f"/jobs/{id_}")
    assert (found["state"], found["outcome"]) == ("UNKNOWN", None)
    assert found["why"] == "The worker that had it in hand is gone. Nobody does it again."
    page = web.ask(f"/jobs/{id_}").text
    assert "UNKNOWN</b> unknown" in page
    assert found["why"] in page
    assert 'http-equiv="refresh"' not in page
    assert '<noscript><meta http-equiv="refresh"' in web.ask(f"/jobs/{keep(redis, 'list')}").text


def test_what_happened_is_ticked_by_the_server(web: Web, redis: Redis) -> None:
    assert 'class="done"' not in web.ask("/jobs").text
    keep(redis, "pool", State.STARTED)  # by a web process that is not there
    keep(redis, "list", State.STARTED, State.SUCCESS)
    page = web.ask("/jobs").text
    assert page.count('class="done"') == page.count('<li id="try-restart" class="done">') == 1
    assert "pool: 1 unknown; list: 1 done." in page


def test_the_inbox_is_shown_beside_the_notice(web: Web, redis: Redis) -> None:
    mail = Mail("ada@example.org", "A <b>bold</b> subject", "Two\nlines", "<p>", time.time())
    inbox.keep(redis, mail)
    assert "subject" not in web.ask("/jobs").text
    page = web.ask("/jobs?task=notice").text
    assert "A &lt;b&gt;bold&lt;/b&gt; subject</b> <span>to ada@example.org" in page
    with streamed(web, "/jobs/events?task=notice") as stream:
        assert "Two\nlines" in next(stream)["parts"]["inbox"]


def test_a_hostile_argument_is_text(web: Web) -> None:
    (piece,) = asked(web, "/jobs/inline/fail", reason="<script>alert(1)</script>")
    for path in (piece["url"], "/jobs", "/jobs?task=fail"):
        assert "<script>alert" not in web.ask(path).text


def test_the_pages_are_there_for_all(web: Web) -> None:
    for path in ("/jobs", "/jobs?left=nobody&right=celery", "/jobs?task=notice", "/jobs/code"):
        assert web.ask(path).status == web.ask(path, "HEAD").status == 200
    assert "A code by SMS" in web.ask("/jobs/code").text
    assert 'href="/jobs"' in web.ask("/").text
