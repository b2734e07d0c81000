"""The live page's other end: /status, /events and /reset, as a program meets them."""

import http.client
import json
import signal
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
from redis import Redis

from messaging.names import QUEUE, RECORDS, RESET, ZEROS
from messaging.reporting import reports_channel
from pages.ledger import GONE_AFTER
from pages.viewers import MAY_LAG, TooManyViewersError, Viewers
from tests.parts import Listener, RedisServer, Sending, Web
from tests.processes import DEADLINE, eventually
from web import PATTERNS

Start = Callable[..., Any]
Open = Callable[[Web], "Stream"]


@pytest.fixture
def own_web(start: Start, own_server: RedisServer) -> Web:
    """One web process, whose Redis nobody else uses."""
    web: Web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    eventually(lambda: web.status()["redis"] == "up")
    return web


class Stream:
    """What /events tells, one event after the other."""

    def __init__(self, web: Web) -> None:
        self._connection = http.client.HTTPConnection(web.host, timeout=DEADLINE)
        self._connection.request("GET", "/events")
        self._lines = self._connection.getresponse()
        assert self._lines.status == 200
        assert self._lines.headers["Content-Type"] == "text/event-stream; charset=utf-8"

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        event = ""
        for line in self._lines:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "event":
                event = value
            elif name == "data":
                yield event, json.loads(value)

    def close(self) -> None:
        self._lines.close()
        self._connection.close()


@pytest.fixture
def events() -> Iterator[Callable[[Web], Stream]]:
    """Opens streams, which are closed after the test."""
    streams: list[Stream] = []

    def open_one(web: Web) -> Stream:
        streams.append(Stream(web))
        return streams[-1]

    yield open_one
    for stream in streams:
        stream.close()


def test_status_tells_what_the_readme_says(
    own_web: Web, start: Start, own_server: RedisServer
) -> None:
    for name in PATTERNS:
        start(Listener, name, "--name", f"{name}-1", REDIS_URL=own_server.url)
        own_web.send(f"/{name}?count=3")
        eventually(lambda name=name: own_web.figures(name)["received"] == 3)  # type: ignore[misc]
    status = own_web.status()
    assert list(status) == ["redis", "why", "run_id", "at", "patterns"]
    assert (status["redis"], status["why"]) == ("up", "")
    queue, channel = status["patterns"]["prodcons"], status["patterns"]["pubsub"]
    assert (queue["sent"], queue["waiting"], queue["oldest_s"]) == (3, 0, None)
    assert (channel["sent"], channel["deliveries"], channel["unheard"]) == (3, 3, 0)
    for name, told in status["patterns"].items():
        assert (told["missed"], told["elsewhere"], told["there"]) == (0, 0, 1)
        assert 0 < told["delay_p50_ms"] <= told["delay_p99_ms"] < 5000
        (card,) = told["listeners"]
        assert (card["name"], card["received"], card["missed"]) == (f"{name}-1", 3, 0)
        assert card["state"] in ("waiting", "working")
        assert card["rate"] >= 0
        assert card["delay_p50_ms"] == told["delay_p50_ms"]
    eventually(lambda: own_web.figures("prodcons")["listeners"][0]["state"] == "waiting")


def test_what_waits_is_told_with_its_age(own_web: Web, own_server: RedisServer) -> None:
    own_web.send("/prodcons?body=old")
    own_web.send("/prodcons?body=new&count=9")
    eventually(lambda: own_web.figures("prodcons")["waiting"] == 10)
    eventually(lambda: own_web.figures("prodcons")["oldest_s"] > 1)
    told = own_web.figures("prodcons")
    assert [body for _, body in told["newest"]] == ["new"] * 4
    with Redis.from_url(own_server.url) as redis:
        redis.rpush(QUEUE, "from elsewhere")
        eventually(lambda: own_web.figures("prodcons")["waiting"] == 11)
        assert own_web.figures("prodcons")["oldest_s"] is None
        redis.delete(QUEUE)
        redis.set(QUEUE, "of another type")
        eventually(lambda: own_web.figures("prodcons")["waiting"] == 0)


def test_what_others_publish_is_received_from_elsewhere(
    own_web: Web, own_server: RedisServer, start: Start
) -> None:
    listener = start(Listener, "prodcons", REDIS_URL=own_server.url)
    with Redis.from_url(own_server.url) as redis:
        redis.lpush(QUEUE, "7", "8")
    listener.receives(2)
    eventually(lambda: own_web.figures("prodcons")["elsewhere"] == 2)
    told = own_web.figures("prodcons")
    assert (told["sent"], told["received"]) == (0, 2)


def test_the_stream_begins_with_a_snapshot_and_goes_on_with_changes(
    own_web: Web, own_server: RedisServer, start: Start, events: Open
) -> None:
    start(Listener, "pubsub", REDIS_URL=own_server.url)
    eventually(lambda: own_web.figures("pubsub")["there"])
    stream = iter(events(own_web))
    kind, told = next(stream)
    assert kind == "snapshot"
    assert told.keys() == {*own_web.status(), "history"}
    sent = own_web.send("/pubsub?body=hello")
    begin, told_at = time.monotonic(), []
    moves: dict[str, list[Any]] = {}
    while not moves.get("taken"):
        kind, told = next(stream)
        assert kind == "change"
        told_at.append(time.monotonic())
        for what, which in told["moves"].get("pubsub", {}).items():
            moves.setdefault(what, []).extend(which)
    assert moves["sent"] == [[f"{sent['from']}-{sent['first']}", "hello", 1]]
    assert moves["taken"][0][:2] == moves["sent"][0][:2]
    assert told_at[-1] - begin < 1
    samples = [told["sample"] for _, told in islice(stream, 3) if "sample" in told]
    assert all(len(one["pubsub"]) == 4 for one in samples)


def test_under_load_changes_come_ten_times_a_second_at_most(own_web: Web, events: Open) -> None:
    stream = iter(events(own_web))
    next(stream)
    with Sending(own_web, "/prodcons") as sending:
        changes = [told for _, told in islice(stream, 30)]
    seconds = changes[-1]["at"] - changes[0]["at"]
    assert len(sending.ids) > 100
    assert 29 / (seconds + 0.2) <= 10


def test_one_subscription_serves_all_viewers(
    start: Start, own_server: RedisServer, events: Open
) -> None:
    web = start(Web, REDIS_URL=own_server.url)
    streams = [iter(events(web)) for _ in range(20)]
    for stream in streams:
        assert next(stream)[0] == "snapshot"
    with Redis.from_url(own_server.url) as redis:
        channel = reports_channel()
        eventually(lambda: redis.pubsub_numsub(channel)[0][1] == 2)  # web processes
    web.send("/prodcons")
    for stream in streams:
        assert any(told["patterns"].get("prodcons") for _, told in islice(stream, 10))


def test_a_full_house_is_told_so(start: Start, own_server: RedisServer, events: Open) -> None:
    web = start(Web, REDIS_URL=own_server.url, VIEWER_LIMIT="2", WEB_CONCURRENCY="1")
    seats = [events(web), events(web)]
    for seat in seats:
        next(iter(seat))
    answer = web.ask("/events", Accept="application/json")
    assert answer.status == 503
    assert "2 are watching through this web process, and that is the limit." in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    seats[0].close()  # it is noticed at the next write
    eventually(lambda: web.ask("/events", "HEAD").status == 200)


def test_streams_end_within_a_second_when_the_web_is_stopped(own_web: Web, events: Open) -> None:
    stream = iter(events(own_web))
    next(stream)
    own_web.gets(signal.SIGTERM)
    begin = time.monotonic()
    for _ in stream:
        pass
    assert time.monotonic() - begin < 1
    own_web.ended(5)


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
    assert own_web.ask("/reset", "POST").headers["Location"] == "/"


def test_all_processes_agree_after_restarts_and_nothing_is_lost(
    own_server: RedisServer, start: Start
) -> None:
    web, sent = start(Web, REDIS_URL=own_server.url), 0
    for ended in (2, 4, 6):
        with Sending(web, "/prodcons") as sending:
            eventually(lambda: len(sending.ids) > 40)
            web.gets(signal.SIGHUP)  # new processes, while the old ones finish
            eventually(lambda ended=ended: web.text.count("Worker exiting") == ended)  # type: ignore[misc]
        sent += len(sending.ids)

    def told() -> set[tuple[int, int]]:
        """What the processes say, whichever of them answers."""
        figures = [web.figures("prodcons") for _ in range(20)]
        return {(one["sent"], one["waiting"]) for one in figures}

    eventually(lambda: told() == {(sent, sent)})


def test_garbage_among_the_reports_harms_nobody(own_web: Web, own_server: RedisServer) -> None:
    with Redis.from_url(own_server.url) as redis:
        for garbage in (b"", b"{}", b"\xff", b"[[[[", b'{"id": 7}', b"zero"):
            redis.publish(reports_channel(), garbage)
            redis.hset(RECORDS, garbage, garbage)
        redis.set("task:live:reset", "garbage")
        redis.client_kill_filter(_type="pubsub")
    own_web.send("/prodcons")
    eventually(lambda: own_web.figures("prodcons")["sent"] == 1)
    assert "Traceback" not in own_web.text


def test_a_silent_redis_is_noticed(own_web: Web, own_server: RedisServer, start: Start) -> None:
    start(Listener, "pubsub", REDIS_URL=own_server.url)
    eventually(lambda: own_web.figures("pubsub")["there"] == 1)
    own_server.gets(signal.SIGSTOP)
    try:
        eventually(lambda: own_web.status()["redis"] == "away", within=4)
        assert "does not answer" in own_web.status()["why"]
        time.sleep(GONE_AFTER)  # while nobody can be heard, nobody is silent
        assert own_web.figures("pubsub")["there"] == 1
    finally:
        own_server.gets(signal.SIGCONT)
    eventually(lambda: own_web.status()["redis"] == "up")
    assert own_web.figures("pubsub")["there"] == 1


def test_a_slow_viewer_is_brought_forward_by_a_snapshot() -> None:
    viewers = Viewers(limit=1)
    viewers.enter()
    stream = viewers.watch(lambda: {"all": "there is"})
    assert b"event: snapshot" in next(stream)
    for n in range(3):
        viewers.tell({"n": n})
    assert next(stream).count(b"event: change") == 3
    for n in range(MAY_LAG + 1):
        viewers.tell({"n": n})
    assert next(stream) == b'event: snapshot\ndata: {"all":"there is"}\n\n'
    viewers.tell({"n": "next"})
    assert next(stream) == b'event: change\ndata: {"n":"next"}\n\n'
    with pytest.raises(TooManyViewersError):
        viewers.enter()
    viewers.close()
    assert list(stream) == []


def test_many_viewers_are_told_less_often() -> None:
    viewers = Viewers(limit=1000)
    intervals = []
    for _ in range(1000):
        viewers.enter()
        intervals.append(viewers.interval)
    assert intervals == sorted(intervals)
    assert (intervals[0], intervals[-1]) == (0.1, 1.0)


def test_what_is_flushed_is_told_again(own_server: RedisServer, start: Start) -> None:
    """FLUSHALL cuts no connection: what Redis keeps for later processes is looked after."""
    web = start(Web, REDIS_URL=own_server.url)
    listener = start(Listener, "pubsub", REDIS_URL=own_server.url)
    for _ in range(2):
        web.send("/pubsub?count=5")
        eventually(lambda: web.figures("pubsub")["received"] == 5)
        assert web.ask("/reset?what=figures", "POST").status == 303
    web.send("/pubsub?count=5")
    listener.stop()
    eventually(lambda: web.figures("pubsub")["received"] == 5)
    with Redis.from_url(own_server.url) as redis:
        redis.flushall()
        eventually(lambda: redis.hlen(RECORDS) == 5)  # two of each web process, and the listener
        eventually(lambda: redis.hlen(f"{ZEROS}:{redis.get(RESET).decode()}") >= 4)
    web.gets(signal.SIGHUP)  # new processes know what Redis keeps
    eventually(lambda: web.text.count("Worker exiting") == 2)
    eventually(
        lambda: (
            {web.figures("pubsub")["received"] for _ in range(20)} == {5}
            and {web.figures("pubsub")["sent"] for _ in range(20)} == {5}
        )
    )


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


def test_a_promised_reset_of_figures_empties_nothing(own_web: Web) -> None:
    own_web.send("/prodcons?count=5")
    eventually(lambda: own_web.figures("prodcons")["waiting"] == 5)
    for what, emptied in (("figures", 0), ("figures", 0), ("queue", 5), ("queue", 0)):
        answer = own_web.ask(f"/reset?what={what}", "POST", Accept="application/json")
        assert answer.json()["emptied"] == emptied
