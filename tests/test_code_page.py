"""The form /jobs/code: a code is asked for, sent and checked, and is written nowhere else."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser
from redis import Redis

from jobs.codes import MOST_TRIES
from jobs.commands import LIST_WORKER
from jobs.ways import WAYS
from tests.browser import LOOKS, Tab, follow, is_for_all
from tests.code_form import FORM, PHONE, post
from tests.parts import Web
from tests.processes import Process, eventually
from tests.serving import Provider, serving


@pytest.fixture(scope="module")
def provider(server: object) -> Iterator[str]:
    """A provider of SMS of ours."""
    with serving(Provider) as port:
        yield f"http://127.0.0.1:{port}/200"


@pytest.fixture(scope="module")
def web(server: object) -> Iterator[Web]:
    """A web that logs all that it logs."""
    web = Web(LOG_LEVEL="debug", WEB_CONCURRENCY="1")
    yield web
    web.kill()


@pytest.fixture(scope="module")
def sender(provider: str) -> Iterator[Process]:
    """A worker, which sends the codes."""
    worker = Process(LIST_WORKER, {"SMS_URL": provider})
    yield worker
    worker.kill()


@pytest.fixture(autouse=True)
def sends(sender: Process, redis: Redis) -> None:
    """It is known to be there, in a Redis that is empty otherwise."""
    eventually(lambda: WAYS["list"].workers(redis))


def sent(phone: str = PHONE) -> str:
    """Wait for the code that was sent last to a number."""

    def texts() -> list[str]:
        return [body["text"] for _, _, body in Provider.posted if body["to"] == phone]

    eventually(texts, 10)
    return str(re.findall("[0-9]{6}", texts()[-1])[0])


@pytest.fixture
def code(web: Web, redis: Redis) -> str:
    """A code that somebody asked for and received."""
    Provider.posted = []
    answer = post(web, phone=PHONE)
    assert answer.status == 202
    assert answer.json() == {"outcome": "asked", "sentence": f"A code is on its way to {PHONE}."}
    return sent()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_every_answer_has_its_status(web: Web, redis: Redis, code: str) -> None:
    def says(given: str, status: int, outcome: str, phone: str = PHONE) -> None:
        answer = post(web, "/check", phone=phone, code=given)
        assert (answer.status, answer.json()["outcome"]) == (status, outcome)

    says("12345", 400, "refused")
    says("１２３４５６", 400, "refused")
    says(code, 404, "never asked", "+491713920009")
    says(wrong(code), 403, "wrong")
    says(f" {code} ", 200, "right")
    says(code, 409, "used")
    redis.delete(*redis.keys("*:asked:*"))
    Provider.posted = []
    assert post(web, phone=PHONE).status == 202
    for _ in range(MOST_TRIES - 1):
        says("x" * 6, 400, "refused")  # which is no try
        post(web, "/check", phone=PHONE, code=wrong(sent()))
    last = sent()
    says(wrong(last), 429, "too many tries")
    says(last, 429, "too many tries")
    redis.delete(*redis.keys("*:kept:*"))
    says(last, 410, "expired")


def test_who_asks_again_within_a_minute_is_told_to_wait(web: Web, code: str) -> None:
    answer = post(web, phone=PHONE)
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "60"
    assert "Please wait" in answer.json()["sentence"]
    assert len(Provider.posted) == 1
    assert post(web, "/check", phone=PHONE, code=code).status == 200


def test_the_code_is_in_no_log_and_no_address(web: Web, code: str) -> None:
    post(web, "/check", phone=PHONE, code=wrong(code))
    assert web.ask(f"/jobs/code/check?phone={PHONE}&code={code}").status == 405
    body = urlencode({"phone": PHONE})
    in_address = f"/jobs/code/check?code={code}"
    assert web.ask(in_address, "POST", body, Content_Type=FORM).status == 400
    page = web.ask("/jobs/code/check", "POST", f"{body}&code={code}", Content_Type=FORM)
    assert page.status == 200
    assert "Location" not in page.headers
    assert code not in page.text
    assert code not in web.text
    assert PHONE not in web.text


@pytest.mark.parametrize(
    ("fields", "headers", "status"),
    [
        (f"phone={PHONE}", {"Origin": "http://evil.example"}, 403),
        (f"phone={PHONE}", {"Sec_Fetch_Site": "cross-site"}, 403),
        (f"phone={PHONE}", {"Content_Type": "text/plain"}, 415),
        ("phone=%2B491713920001&phone=%2B491713920001", {}, 400),
        ("", {}, 400),
        ("phone=0171", {}, 400),
        ("phone=%2B1%0d%0aX", {}, 400),
        ("phone=%ff", {}, 400),
    ],
)
def test_what_nobody_meant_is_refused(
    fields: str, headers: dict[str, str], status: int, web: Web, redis: Redis
) -> None:
    for path in ("", "/check"):
        answer = web.ask(f"/jobs/code{path}", "POST", fields, **{"Content_Type": FORM, **headers})
        assert answer.status == status
    assert not redis.keys("*jobs:code*")


def test_a_way_inside_the_web_sends_no_code_to_its_log(web: Web, redis: Redis) -> None:
    for way in ("inline", "thread", "pool"):
        answer = web.ask(f"/jobs/{way}/sms_code", "POST", Accept="application/json")
        assert answer.status == 400
        assert "the log of the web" in answer.json()["error"]
    assert not redis.keys("*jobs:code*")
    assert "Your code is" not in web.text


@pytest.mark.parametrize("look", LOOKS)
def test_the_form_works_without_a_script_in_every_look(
    look: dict[str, Any], web: Web, redis: Redis, browser: Browser
) -> None:
    Provider.posted = []
    tab = Tab(browser, f"http://{web.host}/jobs/code", **look)
    is_for_all(tab.page)
    tab.page.fill("#phone", PHONE)
    follow(tab.page, "text=Send a code")
    is_for_all(tab.page)
    tab.page.fill("#code", wrong(sent()))
    follow(tab.page, "text=Check")
    assert "The code is wrong. 4 more tries are left." in tab.page.inner_text(".answer")
    tab.page.fill("#code", sent())
    follow(tab.page, "text=Check")
    assert tab.page.inner_text(".answer.right") == "The code is right."
    assert sent() not in tab.page.url
    is_for_all(tab.page)
    tab.context.close()
