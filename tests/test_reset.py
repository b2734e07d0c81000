"""The figures are zeroed for all processes, and stay so; the queue is emptied only when asked."""

import re
import signal
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from messaging.reporting.reporter import RESET
from patterns import PATTERNS
from tests.parts import Listener, RedisServer, Sending, Web
from tests.places import KEEPING
from tests.processes import eventually

Start = Callable[..., Any]


def test_a_reset_is_asked_for_here_and_by_post(own_web: Web) -> None:
    own_web.send("/prodcons?count=5")
    eventually(lambda: own_web.figures("prodcons")["sent"] == 5)
    assert own_web.ask("/reset").status == 405
    assert own_web.ask("/reset", "POST", Sec_Fetch_Site="cross-site").status == 403
    assert own_web.figures("prodcons")["sent"] == 5
    first = own_web.ask("/reset", "POST", Accept="application/json").json()
    assert first == {"outcome": "zeroed", "emptied": 0}
    told = own_web.figures("prodcons")
    assert (told["sent"], told["waiting"]) == (0, 5)
    second = own_web.ask("/reset", "POST", Accept="application/json").json()
    assert second == {"outcome": "zeroed", "emptied": 5}
    eventually(lambda: own_web.figures("prodcons")["waiting"] == 0)
    assert own_web.ask("/reset", "POST").headers["Location"].startswith("/?reset=")


def test_a_promised_reset_of_figures_empties_nothing(own_web: Web) -> None:
    own_web.send("/prodcons?count=5")
    eventually(lambda: own_web.figures("prodcons")["waiting"] == 5)
    for what, emptied in (("figures", 0), ("figures", 0), ("queue", 5), ("queue", 0)):
        answer = own_web.ask(f"/reset?what={what}", "POST", Accept="application/json")
        assert answer.json()["emptied"] == emptied
    for asked in ("left=stream&right=pubsub", "right=reliable&left=stream"):
        answer = own_web.ask(f"/reset?what=figures&{asked}", "POST")
        assert set(asked.split("&")) < set(answer.headers["Location"][2:].split("&"))


def test_listeners_go_on_after_all_places_were_emptied(
    own_web: Web, own_server: RedisServer, one_of_each: Callable[..., dict[str, Listener]]
) -> None:
    listeners = one_of_each("--work", "1", REDIS_URL=own_server.url)
    busy = {name: listeners[name] for name in KEEPING}
    for name, listener in busy.items():
        own_web.send(f"/{name}?count=5&body=before")
        eventually(lambda name=name: own_web.figures(name)["waiting"] == 4)  # type: ignore[misc]
        listener.gets(signal.SIGSTOP)  # it works on the first until it may go on
    dead = [name for name in busy if PATTERNS[name].dead_letters]
    with Redis.from_url(own_server.url) as redis:
        for name in dead:
            redis.lpush(PATTERNS[name].dead_letters, "1", "2")
        eventually(lambda: all(own_web.figures(name)["dead_letters"] == 2 for name in dead))
        answer = own_web.ask("/reset?what=queue", "POST", Accept="application/json")
        assert answer.json()["emptied"] == 4 * len(busy) + 2 * len(dead)
        for name, listener in busy.items():
            own_web.send(f"/{name}?count=2&body=after")
            listener.gets(signal.SIGCONT)
        for listener in busy.values():
            bodies = [message["body"] for message in listener.receives(3)]
            assert bodies == ["before", "after", "after"]  # what it had in hand stayed with it
        for name in busy:
            eventually(lambda name=name: own_web.figures(name)["waiting"] == 0)  # type: ignore[misc]
            assert not own_web.figures(name).get("dead_letters")
            eventually(lambda name=name: own_web.figures(name).get("kept", 0) == 0)  # type: ignore[misc]


def test_whoever_resets_sees_zeros_whichever_process_answers(
    own_server: RedisServer, start: Start
) -> None:
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="2")
    for _ in range(5):
        web.send("/prodcons")
        eventually(lambda: {web.figures("prodcons")["sent"] for _ in range(10)} == {1})
        to = web.ask("/reset?what=figures", "POST").headers["Location"]
        page = web.ask(to, Sec_Fetch_Mode="navigate").text
        assert re.findall(r'data-f="sent">([^<]*)<', page) == ["0", "0"]


@pytest.mark.parametrize("name", ["prodcons", "pubsub"])
def test_a_reset_under_load_is_one_moment_for_all(
    name: str, own_server: RedisServer, start: Start
) -> None:
    """What was sent before it counts at neither end, though each learns of it a little later."""
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="2")
    for _ in range(2):
        start(Listener, name, "--work", "0.001", REDIS_URL=own_server.url)
    eventually(lambda: web.figures(name)["there"] == 2)

    def agree() -> bool:
        """Whether all that was sent since the reset was received, whichever process answers."""
        for told in [web.figures(name) for _ in range(10)]:
            expected = told.get("deliveries", told["sent"])
            if not told["sent"] or told["received"] - told["earlier"] != expected:
                return False
        return True

    for _ in range(3):
        with Sending(web, f"/{name}?count=3") as sending:
            eventually(lambda: len(sending.ids) > 100)
            assert web.ask("/reset?what=figures", "POST").status == 303
            enough = len(sending.ids) + 50
            eventually(lambda enough=enough: len(sending.ids) > enough)  # type: ignore[misc]
        eventually(agree)
        assert "not counted" not in web.figures(name)["rest"]


def test_what_waited_before_the_reset_is_said_to(
    own_web: Web, own_server: RedisServer, start: Start
) -> None:
    own_web.send("/prodcons?count=5")
    eventually(lambda: own_web.figures("prodcons")["waiting"] == 5)
    assert own_web.ask("/reset?what=figures", "POST").status == 303
    start(Listener, "prodcons", REDIS_URL=own_server.url)
    eventually(lambda: own_web.figures("prodcons")["received"] == 5)
    told = own_web.figures("prodcons")
    assert (told["sent"], told["earlier"]) == (0, 5)
    assert told["rest"] == "0 waiting, 5 more from before the reset."


def test_an_older_reset_undoes_no_newer_one(own_web: Web, own_server: RedisServer) -> None:
    own_web.send("/prodcons?count=5")
    eventually(lambda: own_web.figures("prodcons")["sent"] == 5)
    with Redis.from_url(own_server.url) as redis:
        for _ in range(2):
            assert own_web.ask("/reset?what=figures", "POST").status == 303
            redis.set(RESET, "1.0")
            redis.client_kill_filter(_type="pubsub")
            eventually(lambda: redis.get(RESET) != b"1.0")
            assert own_web.figures("prodcons")["sent"] == 0
