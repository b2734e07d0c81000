"""Redis is killed, restarted, silent or not there yet: nothing is made up, and all comes back."""

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from messaging.connection import BLOCK, REPLY_WITHIN
from messaging.reporting.reporter import LAST_REPORT_WITHIN
from patterns import PATTERNS
from starting.ports import free_port
from tests.parts import Answer, Listener, RedisServer, Web
from tests.places import each_pattern
from tests.processes import PROMPTLY, eventually, stop_all

Start = Callable[..., Any]
OneOfEach = Callable[..., dict[str, Listener]]
ANSWERED_WITHIN = 8  # seconds; 2 where no other test runs beside


PATHS = (*PATTERNS, "healthz")


def ask(web: Web, path: str) -> Answer:
    """A link or the health page, which answers in time."""
    start = time.monotonic()
    answer = web.ask(f"/{path}", Accept="application/json")
    assert time.monotonic() - start < ANSWERED_WITHIN
    return answer


def ask_all(web: Web) -> list[Answer]:
    """Every link and the health page, asked at once."""
    with ThreadPoolExecutor(len(PATHS)) as pool:
        return [*pool.map(lambda path: ask(web, path), PATHS)]


@pytest.fixture
def silent(own_server: RedisServer) -> Iterator[Callable[[], None]]:
    """Stops Redis in its tracks: connections stay, answers do not come."""
    yield lambda: own_server.gets(signal.SIGSTOP)
    own_server.gets(signal.SIGCONT)


def test_redis_killed_and_restarted_under_web_and_listeners(
    own_server: RedisServer, start: Start, one_of_each: OneOfEach, tmp_path: Path
) -> None:
    url = own_server.url
    web = start(Web, REDIS_URL=url)
    first, second = one_of_each(REDIS_URL=url), one_of_each(REDIS_URL=url)
    listeners = {name: [first[name], second[name]] for name in PATTERNS}
    everyone = [listener for pair in listeners.values() for listener in pair]
    for name in PATTERNS:
        web.send(f"/{name}?body=before")
        pair, due = listeners[name], 2 if PATTERNS[name].everyone_hears else 1
        eventually(lambda pair=pair, due=due: sum(len(one.messages()) for one in pair) == due)  # type: ignore[misc]
    own_server.kill()
    assert {answer.status for answer in ask_all(web)} == {503}
    assert "is away: connection refused" in ask_all(web)[0].json()["error"]
    assert ask_all(web)[0].json()["outcome"] == "not sent"
    for listener in everyone:
        listener.says("Trying again each second")
    start(RedisServer, own_server.port, tmp_path)
    for listener in everyone:
        listener.says("Reconnected to ")
    assert [answer.status for answer in ask_all(web)] == [200] * (len(PATTERNS) + 1)
    for name, pair in listeners.items():
        due = 4 if PATTERNS[name].everyone_hears else 2
        eventually(lambda pair=pair, due=due: sum(len(one.messages()) for one in pair) == due)  # type: ignore[misc]
    for listener in everyone:
        assert not listener.missed(), "what failed was not sent, so nothing was missed"
        assert listener.text.count("Trying again") == listener.text.count("Reconnected") == 1
    stop_all(*everyone)
    assert {listener.popen.returncode for listener in everyone} == {0}
    assert "Traceback" not in web.text + "".join(one.text for one in everyone)


def test_a_listener_waits_for_a_redis_that_comes_later(
    one_of_each: OneOfEach, start: Start, tmp_path: Path
) -> None:
    port = free_port()
    url = f"redis://localhost:{port}/5"
    listeners = one_of_each(waits_for="Trying again each second", REDIS_URL=url)
    start(RedisServer, port, tmp_path)
    for name, listener in listeners.items():
        listener.says(f"Listening to {PATTERNS[name].place} at localhost:{port}/5")
    stop_all(*listeners.values())
    assert {listener.popen.returncode for listener in listeners.values()} == {0}


@each_pattern
def test_a_listener_stops_while_redis_is_away(name: str, start: Start) -> None:
    url = f"redis://127.0.0.1:{free_port()}/5"
    listener = start(Listener, name, waits_for="Trying again", REDIS_URL=url)
    code, seconds = listener.stop(signal.SIGINT)
    assert (code, "Traceback" in listener.text) == (0, False)
    assert seconds < PROMPTLY


def test_a_listener_stops_while_redis_is_silent(
    own_server: RedisServer, one_of_each: OneOfEach, silent: Callable[[], None]
) -> None:
    listeners = one_of_each(REDIS_URL=own_server.url)
    silent()
    took = stop_all(*listeners.values())
    for (name, listener), seconds in zip(listeners.items(), took, strict=True):
        assert (listener.popen.returncode, "Traceback" in listener.text) == (0, False)
        timeout = REPLY_WITHIN + (BLOCK if PATTERNS[name].keeps else 0)
        assert seconds < PROMPTLY + timeout + LAST_REPORT_WITHIN


def test_a_silent_redis_is_unknown_at_first_and_then_away(
    own_server: RedisServer, start: Start, silent: Callable[[], None]
) -> None:
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    before, *_ = [web.send(f"/{name}") for name in PATTERNS]
    silent()
    first = web.ask(f"/{next(iter(PATTERNS))}", Accept="application/json")
    assert first.status == 504
    unknown = first.json()
    assert (unknown["outcome"], unknown["count"]) == ("unknown", 1)
    assert (unknown["from"], unknown["first"]) == (before["from"], before["last"] + 1)
    assert "nobody knows" in unknown["error"]
    assert {answer.status for answer in ask_all(web)} == {503}
    own_server.gets(signal.SIGCONT)
    assert web.send(f"/{next(iter(PATTERNS))}")["from"] != before["from"]


def test_many_clicks_at_a_silent_redis_are_all_answered_in_time(
    own_server: RedisServer, start: Start, silent: Callable[[], None]
) -> None:
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    silent()
    with ThreadPoolExecutor(20) as pool:
        answers = [*pool.map(lambda path: ask(web, path), PATHS * 20)]
    assert [answer.status for answer in answers] == [503] * 20 * len(PATHS)
