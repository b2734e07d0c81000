"""Redis is killed, restarted, silent or of no use; connections are cut; listeners are restarted."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from messaging.connection import BLOCK, REPLY_WITHIN
from messaging.message import Message
from messaging.names import QUEUE
from tests.processes import Answer, Listener, Process, RedisServer, Web, eventually, free_port
from tests.proxy import Proxy
from web import PATTERNS

Start = Callable[..., Any]
each_pattern = pytest.mark.parametrize("name", PATTERNS)


def ask_all(web: Web) -> list[Answer]:
    """Every link and the health page, each answered within 2 s."""
    answers = []
    for path in (*PATTERNS, "healthz"):
        start = time.monotonic()
        answers.append(web.ask(f"/{path}", Accept="application/json"))
        assert time.monotonic() - start < 2
    return answers


@pytest.fixture
def silent(own_server: RedisServer) -> Iterator[Callable[[], None]]:
    """Stops Redis in its tracks: connections stay, answers do not come."""
    yield lambda: own_server.gets(signal.SIGSTOP)
    own_server.gets(signal.SIGCONT)


def test_redis_killed_and_restarted_under_web_and_listeners(
    own_server: RedisServer, start: Start, tmp_path: Path
) -> None:
    url = own_server.url
    web = start(Web, REDIS_URL=url)
    listeners = {
        name: [start(Listener, name, REDIS_URL=url) for _ in range(2)] for name in PATTERNS
    }
    everyone = [listener for pair in listeners.values() for listener in pair]
    for name in PATTERNS:
        web.send(f"/{name}?body=before")
    own_server.kill()
    assert {answer.status for answer in ask_all(web)} == {503}
    assert "is away: connection refused" in ask_all(web)[0].json()["error"]
    assert ask_all(web)[0].json()["outcome"] == "not sent"
    for listener in everyone:
        listener.says("Trying again each second")
    start(RedisServer, own_server.port, tmp_path)
    for listener in everyone:
        listener.says("Reconnected to ")
    assert [answer.status for answer in ask_all(web)] == [200, 200, 200]
    for name, pair in listeners.items():
        due = 4 if name == "pubsub" else 2
        eventually(lambda pair=pair, due=due: sum(len(one.messages()) for one in pair) == due)  # type: ignore[misc]
    for listener in everyone:
        assert not listener.missed(), "what failed was not sent, so nothing was missed"
        assert listener.text.count("Trying again") == listener.text.count("Reconnected") == 1
        assert listener.stop()[0] == 0
    assert "Traceback" not in web.text + "".join(one.text for one in everyone)


@each_pattern
def test_a_listener_waits_for_a_redis_that_comes_later(
    name: str, start: Start, tmp_path: Path
) -> None:
    port = free_port()
    url = f"redis://localhost:{port}/5"
    listener = start(Listener, name, waits_for="Trying again each second", REDIS_URL=url)
    start(RedisServer, port, tmp_path)
    listener.says(f"Listening to {PATTERNS[name].place} at localhost:{port}/5")
    assert listener.stop()[0] == 0


@each_pattern
def test_a_listener_stops_while_redis_is_away(name: str, start: Start) -> None:
    url = f"redis://127.0.0.1:{free_port()}/5"
    listener = start(Listener, name, waits_for="Trying again", REDIS_URL=url)
    code, seconds = listener.stop(signal.SIGINT)
    assert (code, "Traceback" in listener.text) == (0, False)
    assert seconds < 1.5


@each_pattern
def test_a_listener_stops_while_redis_is_silent(
    name: str, own_server: RedisServer, start: Start, silent: Callable[[], None]
) -> None:
    listener = start(Listener, name, REDIS_URL=own_server.url)
    silent()
    code, seconds = listener.stop()
    assert (code, "Traceback" in listener.text) == (0, False)
    timeout = REPLY_WITHIN + (BLOCK if PATTERNS[name].length else 0)
    assert seconds < 1.5 + timeout


def test_a_silent_redis_is_unknown_at_first_and_then_away(
    own_server: RedisServer, start: Start, silent: Callable[[], None]
) -> None:
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    before = web.send("/prodcons")
    web.send("/pubsub")
    silent()
    first = ask_all(web)[0]
    assert first.status == 504
    unknown = first.json()
    assert (unknown["outcome"], unknown["count"]) == ("unknown", 1)
    assert (unknown["from"], unknown["first"]) == (before["from"], before["last"] + 1)
    assert "nobody knows" in unknown["error"]
    assert [answer.status for answer in ask_all(web)] == [503, 503, 503]
    own_server.gets(signal.SIGCONT)
    assert web.send("/prodcons")["from"] != before["from"]


def test_many_clicks_at_a_silent_redis_are_all_answered_in_time(
    own_server: RedisServer, start: Start, silent: Callable[[], None]
) -> None:
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    silent()
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.extend(ask_all(web))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status for answer in answers] == [503] * 20 * 3


@each_pattern
def test_a_lost_reply_is_a_504_over_http(name: str, own_server: RedisServer, start: Start) -> None:
    proxy = Proxy(own_server.port)
    web = start(Web, REDIS_URL=proxy.url, WEB_CONCURRENCY="1")
    proxy.swallow_after = b"LOST"
    answer = web.ask(f"/{name}?body=LOST&count=3", Accept="application/json")
    assert answer.status == 504
    assert answer.json()["outcome"] == "unknown"
    assert answer.json()["count"] == 3
    page = web.ask(f"/{name}")
    assert page.status == 303  # and works again by itself
    proxy.close()


def test_a_subscriber_cut_off_reports_exactly_what_it_missed(
    start: Start, redis: Redis, web: Web
) -> None:
    cut, other = start(Listener, "pubsub"), start(Listener, "pubsub")
    sent: list[str] = []
    going = threading.Event()

    def send() -> None:
        while not going.is_set():
            numbers = web.send("/pubsub?count=20")
            sent.extend(
                f"{numbers['from']}-{n}" for n in range(numbers["first"], numbers["last"] + 1)
            )

    sending = threading.Thread(target=send)
    sending.start()
    for time_cut in range(1, 6):
        due = len(cut.messages()) + 200
        cut.receives(due)
        ids = sorted(int(c["id"]) for c in redis.client_list(_type="pubsub"))
        redis.client_kill_filter(_id=str(ids[0] if time_cut == 1 else ids[-1]))
        eventually(lambda n=time_cut: cut.text.count("Reconnected") == n)  # type: ignore[misc]
    cut.receives(len(cut.messages()) + 200)
    going.set()
    sending.join()
    web.send("/pubsub?body=last&count=1")
    assert_accounted(cut, sent)
    eventually(lambda: other.missed() or len(other.messages()) >= len(sent))
    assert not other.missed()


def assert_accounted(listener: Listener, sent: list[str]) -> None:
    """Each id was received or reported missed, and none both."""

    def missed() -> set[str]:
        return {
            f"{gap['from']}-{n}"
            for gap in listener.missed()
            for n in range(gap["first"], gap["last"] + 1)
        }

    def received() -> set[str]:
        return {line["id"] for line in listener.messages()}

    # The other web process may have sent its last message before the cut: that gap has no end.
    eventually(lambda: received() | missed() >= set(sent))
    assert not received() & missed()
    assert missed() <= set(sent)


@each_pattern
@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("redis://no-such-host.invalid:6379/5", "no such host"),
        ("redis://:wrong@127.0.0.1:{port}/5", "wants another password"),
        ("redis://127.0.0.1:{port}/99", "DB index is out of range"),
        ("http://127.0.0.1:{port}/5", "REDIS_URL begins with redis://"),
        ("redis://127.0.0.1:port/5", "REDIS_URL has a port that is not"),
    ],
)
def test_where_waiting_cannot_help_a_listener_ends_with_a_sentence(
    name: str, url: str, sentence: str, start: Start, server: RedisServer
) -> None:
    url = url.format(port=server.port)
    listener = start(Listener, name, waits_for="", REDIS_URL=url)
    assert sentence in listener.ended()
    assert listener.popen.returncode == 2
    assert listener.text.count("\n") == 1
    assert "wrong@" not in listener.text


def test_a_key_of_the_wrong_type_ends_a_queue_listener_with_a_sentence(
    start: Start, redis: Redis
) -> None:
    redis.set(QUEUE, "no list")
    listener = start(Listener, "prodcons", waits_for="")
    assert "refuses: WRONGTYPE" in listener.ended()
    assert listener.popen.returncode == 2


@pytest.mark.parametrize("url", ["redis://127.0.0.1:port/5", "http://127.0.0.1/"])
@pytest.mark.parametrize("command", [["web.py"], ["-m", "gunicorn"]])
def test_the_web_does_not_start_with_a_redis_url_that_is_none(
    url: str, command: list[str], start: Start
) -> None:
    web = start(
        Process, [sys.executable, *command], environ={"REDIS_URL": url, "PORT": str(free_port())}
    )
    assert "REDIS_URL " in web.ended()
    assert web.popen.returncode != 0
    assert "Traceback" not in web.text


def test_rolling_restarts_of_a_queue_listener_lose_nothing(start: Start, web: Web) -> None:
    listeners = [start(Listener, "prodcons") for _ in range(2)]
    sent: list[str] = []
    going = threading.Event()

    def send() -> None:
        while not going.is_set():
            numbers = web.send("/prodcons?count=5")
            sent.extend(
                f"{numbers['from']}-{n}" for n in range(numbers["first"], numbers["last"] + 1)
            )

    sending = threading.Thread(target=send)
    sending.start()
    for _ in range(4):
        for old in listeners[-2:]:
            listeners.append(start(Listener, "prodcons"))
            listeners[-1].receives(20)
            assert old.stop()[0] == 0
    going.set()
    sending.join()
    eventually(lambda: sum(len(one.messages()) for one in listeners) >= len(sent))
    received = [line["id"] for one in listeners for line in one.messages()]
    assert sorted(received) == sorted(sent)


@each_pattern
def test_a_unix_socket_is_as_good_as_a_port(name: str, start: Start, tmp_path: Path) -> None:
    port, path = free_port(), tmp_path / "redis.sock"
    server = RedisServer(port, tmp_path, "--unixsocket", str(path))
    try:
        listener = start(Listener, name, REDIS_URL=f"unix://{path}?db=5")
        with Redis(port=port, db=5) as redis:
            PATTERNS[name].send(redis, [Message("7").body.encode()])
        assert listener.receives(1)[0]["body"] == "7"
        assert f"{path}/5" in listener.text
    finally:
        server.kill()
