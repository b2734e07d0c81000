"""Bad input gets a sentence that says what is allowed, and sends nothing."""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

import pytest
from redis import Redis

from tests.parts import Answer, Web
from tests.places import KEEPING, all_kept, each_pattern, kept_messages
from tests.processes import DEADLINE

FORM = "application/x-www-form-urlencoded"
NUMBERS = "count is a number from 1 to 10,000, in digits from 0 to 9."


def bodies(redis: Redis, name: str = "prodcons") -> list[str]:
    return [message.body for message in kept_messages(redis, name)]


def post(web: Web, form: str, kind: str = FORM) -> Answer:
    return web.ask("/prodcons", "POST", form, Content_Type=kind, Accept="application/json")


@each_pattern
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        *(
            (f"count={quote(count)}", NUMBERS)
            for count in ("0", "10001", "x", "٣", "-1", "+1", "1_0", "1.0", " 1", "", "9" * 5_000)
        ),
        ("body=" + "x" * 2_049, "body has 2,049 bytes; 2,048 are allowed."),
        ("body=" + quote("消" * 683), "body has 2,049 bytes; 2,048 are allowed."),
        (f"count=5000&body={'x' * 2_000}", "5,000 × 2,000 bytes is too much; 8,388,608 bytes"),
        ("body=%ff%fe", "body is not UTF-8."),
        ("body=%ed%a0%80", "body is not UTF-8."),
        ("count=%ff", "count is not UTF-8."),
        ("body=a&body=b", "body is given twice."),
    ],
)
def test_bad_input_is_said_and_not_sent(
    name: str, query: str, sentence: str, web: Web, redis: Redis
) -> None:
    answer = web.ask(f"/{name}?{query}", Accept="application/json")
    assert answer.status == 400
    assert sentence in answer.json()["error"]
    page = web.ask(f"/{name}?{query}")
    assert page.status == 400
    assert sentence in page.text
    assert 'href="/"' in page.text
    assert not any(all_kept(redis).values())


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("body=" + "x" * 2_048, "x" * 2_048),
        ("body=" + "%f0%9f%99%82" * 512, "🙂" * 512),
        ("body=a+b%2Bc", "a b+c"),
        ("body=", ""),
        ("body=%00%0d%0a", "\0\r\n"),
        ("body=7&other=%ff", "7"),
    ],
)
def test_good_input_is_sent_as_it_is(query: str, body: str, web: Web, redis: Redis) -> None:
    for name in KEEPING:
        web.send(f"/{name}?{query}")
        assert bodies(redis, name) == [body]


@pytest.mark.parametrize("name", KEEPING)
def test_the_largest_send_goes_through(name: str, web: Web) -> None:
    body = "x" * 838  # 10,000 × 838 bytes is just below 8 MiB
    assert web.send(f"/{name}?count=10000&body={body}")["length"] == 10_000


def test_a_form_is_as_good_as_a_query(web: Web, redis: Redis) -> None:
    assert post(web, "body=%E6%B6%88+x&count=2").status == 200
    assert bodies(redis) == ["消 x"] * 2
    assert web.ask("/prodcons?body=q", "POST", "count=2", Content_Type=FORM).status == 303
    assert bodies(redis) == ["消 x"] * 2 + ["q"] * 2


@pytest.mark.parametrize(
    ("form", "kind", "status"),
    [
        ("body=%ff", FORM, 400),
        ("count=0", FORM, 400),
        ('{"body": "7"}', "application/json", 415),
        ("body=7", "text/plain", 415),
        ("body=" + "x" * 70_000, FORM, 413),
    ],
)
def test_a_bad_form_is_refused(form: str, kind: str, status: int, web: Web, redis: Redis) -> None:
    answer = post(web, form, kind)
    assert answer.status == status
    assert answer.json()["error"]
    assert not any(all_kept(redis).values())


@pytest.mark.parametrize("path", ["/prodcons", "/reset"])
def test_a_form_without_a_length_is_refused(path: str, web: Web, redis: Redis) -> None:
    for chunk in (b"6\r\nbody=7\r\n0\r\n\r\n", b"zz\r\nno length", b"6\r\nbo"):
        with socket.create_connection(("127.0.0.1", web.port), DEADLINE) as client:
            client.sendall(
                f"POST {path} HTTP/1.1\r\nHost: {web.host}\r\nContent-Type: {FORM}\r\n"
                "Transfer-Encoding: chunked\r\n\r\n".encode()
                + chunk
            )
            assert client.recv(100).startswith(b"HTTP/1.1 411 ")
    assert not any(all_kept(redis).values())
    assert "Traceback" not in web.text


def test_forms_that_never_arrive_keep_nobody_out(start: Callable[..., Any], redis: Redis) -> None:
    """More of them than the web takes connections."""
    web = start(Web, VIEWER_LIMIT="0", WEB_CONCURRENCY="1")
    half = b"POST /prodcons HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\ncount=1"
    with ExitStack() as stack:
        clients = []
        for _ in range(1_100):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", web.port)))
            client.sendall(half)
            clients.append(client)
        assert web.ask("/prodcons").status == 303
        assert b" 408 " in clients[0].recv(64)
    assert len(kept_messages(redis, "prodcons")) == 1
