"""Who asks a demo for something over HTTP, and may not, is answered in a sentence."""

import pytest

from tests.acting import Playing

HEADERS: list[tuple[dict[str, str], int]] = [
    ({"Origin": "http://evil.example"}, 403),
    ({"Referer": "http://evil.example/"}, 403),
    ({"Sec_Fetch_Site": "cross-site"}, 403),
    ({"Sec_Fetch_Site": "same-site"}, 403),
    ({"Sec_Purpose": "prefetch", "Sec_Fetch_Site": "same-origin"}, 403),
    ({"Host": "evil.example"}, 400),
    ({"Content_Type": "application/json"}, 415),
    ({"Sec_Fetch_Site": "same-origin"}, 200),
]


@pytest.mark.parametrize(("headers", "status"), HEADERS)
def test_another_site(headers: dict[str, str], status: int, untouched: Playing) -> None:
    fields = {"secret": untouched.secret(), "target": "prodcons-1"}
    answer = untouched.web.post("go_on", fields, **headers)
    assert answer.status == status, answer.text
    assert answer.json()["sentence" if status == 200 else "error"].endswith(".")


@pytest.mark.parametrize(
    ("verb", "fields", "status", "sentence"),
    [
        ("freeze", {}, 403, "The secret is not that of this demo"),
        ("freeze", {"secret": ""}, 403, "The secret"),
        ("freeze", {"secret": "%C3%A4"}, 403, "The secret"),
        ("freeze", {"secret": "%ff"}, 400, "secret is not UTF-8."),
        ("reboot", {"target": "prodcons-1"}, 400, "There is nothing called that"),
        ("slow", {"target": "prodcons-1", "ms": "+1"}, 400, "ms is a number, in digits"),
        ("slow", {"target": "prodcons-1", "ms": "2001"}, 400, "ms is a number from 0 to 2000."),
        ("slow", {"target": "prodcons-1"}, 400, "The options of slow are: ms."),
        ("start", {"target": "nobody"}, 400, "Its target is one of"),
        ("freeze", {"target": "by-hand"}, 409, "no listener of that name"),
    ],
)
def test_bad_fields(
    verb: str, fields: dict[str, str], status: int, sentence: str, untouched: Playing
) -> None:
    secret = {} if status == 403 else {"secret": untouched.secret()}
    answer = untouched.web.post(verb, {**secret, **fields})
    assert answer.status == status, answer.text
    assert sentence in answer.json()["error"]


def test_a_link_asks_for_nothing(untouched: Playing) -> None:
    path = f"/control/freeze?secret={untouched.secret()}&target=prodcons-1"
    answer = untouched.web.ask(path, Accept="application/json")
    assert answer.status == 405
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_without_a_script_the_sentence_is_a_page(untouched: Playing) -> None:
    fields = {"secret": untouched.secret(), "target": "prodcons-1"}
    page = untouched.web.post("go_on", fields, Accept="text/html")
    assert page.status == 200
    assert "prodcons-1 is not frozen." in page.text
    assert "Back to the front page" in page.text
    page = untouched.web.post("freeze", {**fields, "target": "x"}, Accept="text/html")
    assert page.status == 409
    assert "no listener of that name" in page.text
