"""The links and the front page, asked over HTTP of a real gunicorn."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from redis import Redis

from messaging.message import Message
from patterns import PATTERNS
from patterns.prodcons import QUEUE
from tests.parts import Listener, Web
from tests.places import each_pattern


def text_of(html: str) -> str:
    """What a person reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def after_click(web: Web, path: str) -> str:
    """What the front page says after that click."""
    answer = web.ask(path)
    assert answer.status == 303
    return text_of(web.ask(answer.headers["Location"].partition("#")[0]).text)


@each_pattern
def test_the_front_page_tells_all_of_each_pattern(name: str, web: Web) -> None:
    answer = web.ask(f"/?left={name}")
    assert answer.status == 200
    page, pattern = text_of(answer.text), PATTERNS[name]
    for text in (
        pattern.words.title,
        pattern.words.chinese,
        pattern.words.promise,
        ", ".join(pattern.commands.take + pattern.commands.acknowledge),
    ):
        assert text in page
    assert f"{pattern.commands.send[0]} {pattern.place}" in page
    assert f"python listeners/{name}.py" in page
    assert f'class="one" href="/{name}' in answer.text
    assert "Last click" not in page


def test_the_columns_are_alike(web: Web) -> None:
    pages = "".join(web.ask(f"/?left={name}").text for name in PATTERNS)
    # Each has places, figures and listeners of its own.
    for own in (r'<div class="(stack|wave)[^"]*">.*?</div>', r"<dd>.*?</dd>", r"<li .*?</li>"):
        pages = re.sub(own, "", pages, flags=re.DOTALL)
    sections = re.findall(r'<section id="\w+" class="pattern.*?</section>', pages, re.DOTALL)
    skeletons = {tuple(re.findall(r"</?\w+", section)) for section in sections}
    assert len(sections) == 2 * len(PATTERNS)
    assert len(skeletons) == 1


@each_pattern
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_click_sends_one_message_and_leads_back(name: str, method: str, web: Web) -> None:
    answer = web.ask(f"/{name}", method)
    assert answer.status == 303
    assert answer.headers["Location"].startswith(f"/?sent={name}&count=1&")
    assert answer.headers["Cache-Control"] == "no-store"


@each_pattern
def test_json_tells_the_numbers_and_what_redis_said(name: str, web: Web) -> None:
    first = web.send(f"/{name}?count=3&body=hi")
    assert first["outcome"] == "sent"
    assert first["count"] == first["last"] - first["first"] + 1 == 3
    assert first["from"].startswith("web-")
    said = {"length": 3} if not PATTERNS[name].everyone_hears else {"subscribers": [0, 0, 0]}
    assert said.items() <= first.items()


def test_a_push_is_on_the_queue(web: Web, redis: Redis) -> None:
    sent = web.send("/prodcons?body=" + quote("一条消息 & <b>"))
    (line,) = redis.lrange(QUEUE, 0, -1)
    assert isinstance(line, bytes)
    message = Message.decode(line)
    assert (message.body, message.sender) == ("一条消息 & <b>", sent["from"])
    assert message.seq == sent["first"] == sent["last"]


def test_the_body_is_a_random_digit_unless_it_is_chosen(web: Web, redis: Redis) -> None:
    web.send("/prodcons?count=200")
    bodies = {Message.decode(line).body for line in redis.lrange(QUEUE, 0, -1)}  # type: ignore[arg-type]
    assert bodies == set("0123456789")


def test_the_page_says_what_the_last_click_did(
    web: Web, start: Callable[..., Any], redis: Redis
) -> None:
    assert "Last click: the queue’s length was 1 when this was pushed." in after_click(
        web, "/prodcons"
    )
    assert "10 messages pushed; the queue’s length was then 11." in after_click(
        web, "/prodcons?count=10"
    )
    assert "the stream’s length was 1 when this was added." in after_click(web, "/stream")
    assert "10 messages added; the stream’s length was then 11." in after_click(
        web, "/stream?count=10"
    )
    gone = "nobody was listening: this message is gone."
    assert gone in after_click(web, "/pubsub")
    assert "these 1,000 messages are gone." in after_click(web, "/pubsub?count=1000")
    start(Listener, "pubsub")
    assert "Last click: sent to 1 listener." in after_click(web, "/pubsub")
    start(Listener, "pubsub")
    assert "Last click: sent to 2 listeners." in after_click(web, "/pubsub")
    assert "10 messages sent to 2 listeners each." in after_click(web, "/pubsub?count=10")


@pytest.mark.parametrize(
    "query",
    [
        "sent=prodcons&count=<script>&length=1",
        "sent=prodcons&count=1&length=x",
        "sent=prodcons&count=-1&length=-1",
        "sent=prodcons&count=1&fewest=1&most=1x",
        "sent=nobody&count=1&length=3",
        "sent=pubsub&count=1&most=%D9%A3",
        "sent=pubsub&count=" + "9" * 100 + "&most=1",
        "%ff=%fe&count",
    ],
)
def test_a_forged_last_click_says_nothing(query: str, web: Web) -> None:
    answer = web.ask(f"/?{query}")
    assert answer.status == 200
    assert "Last click" not in answer.text


def test_head_sends_nothing(web: Web, redis: Redis) -> None:
    for name in PATTERNS:
        answer = web.ask(f"/{name}", "HEAD")
        assert answer.status == 405
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}
    assert redis.llen(QUEUE) == 0


@each_pattern
def test_each_send_is_one_line_of_the_log(name: str, web: Web) -> None:
    pattern = PATTERNS[name]
    web.send(f"/{name}?body=mark%0A%1b[31m")
    web.send(f"/{name}?body=many&count=1000")
    line = f"{pattern.commands.send[0].lower()} {pattern.place} "
    web.says(line + "mark\\n\\x1b[31m\n")
    web.says(line + "many and 999 more\n")


def test_siege_does_not_drown_the_log(start: Callable[..., Any]) -> None:
    quiet = start(Web)
    for _ in range(20):
        quiet.send("/prodcons")
    quiet.stop()
    assert "lpush" not in quiet.text
    assert quiet.text.count("\n") < 15  # that it starts and stops
    assert "Warning" not in quiet.text


def test_a_page_that_is_not_there_has_a_way_back(web: Web) -> None:
    answer = web.ask("/nowhere")
    assert answer.status == 404
    assert 'href="/"' in answer.text
    assert web.ask("/nowhere", Accept="application/json").json()["error"]


def test_a_message_is_text_on_every_page(web: Web) -> None:
    hostile = quote("<script>alert(1)</script>")
    for path in (f"/prodcons?body={hostile}&count=0", f"/{hostile}", f"/?sent={hostile}"):
        assert "<script>" not in web.ask(path).text


def test_it_is_healthy_while_redis_answers(web: Web) -> None:
    answer = web.ask("/healthz")
    assert (answer.status, answer.json()) == (200, {"redis": "up"})
