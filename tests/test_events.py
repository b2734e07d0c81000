"""The stream of events, and those who watch it."""

import http.client
import json
import signal
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
from redis import Redis

from messaging.reporting.reporter import reports_channel
from pages.live.feed import MAY_LAG, Feed
from tests.parts import Listener, RedisServer, Sending, Web
from tests.processes import DEADLINE, eventually

Start = Callable[..., Any]
Open = Callable[[Web], "Stream"]


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
    moves: dict[str, list[Any]] = {}
    while not (moves.get("sent") and moves.get("taken")):  # whichever report comes first
        kind, told = next(stream)
        assert kind == "change"
        for what, which in told["moves"].get("pubsub", {}).items():
            moves.setdefault(what, []).extend(which)
    assert moves["sent"] == [[f"{sent['from']}-{sent['first']}", "hello", 1]]
    assert moves["taken"][0][:2] == moves["sent"][0][:2]
    samples = [told["sample"] for _, told in islice(stream, 3) if "sample" in told]
    assert all(len(one["pubsub"]) == 4 for one in samples)


def test_under_load_changes_come_ten_times_a_second_at_most(own_web: Web, events: Open) -> None:
    stream = iter(events(own_web))
    next(stream)
    with Sending(own_web, "/prodcons") as sending:
        changes = [told for _, told in islice(stream, 30)]
        eventually(lambda: len(sending.ids) > 100)
    seconds = changes[-1]["at"] - changes[0]["at"]
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


def test_streams_end_at_once_when_the_web_is_stopped(own_web: Web, events: Open) -> None:
    stream = iter(events(own_web))
    next(stream)
    own_web.gets(signal.SIGTERM)
    begin = time.monotonic()
    for _ in stream:
        pass
    assert time.monotonic() - begin < 4  # seconds
    own_web.ended()


def test_a_slow_viewer_is_brought_forward_by_a_snapshot() -> None:
    feed = Feed(viewer_limit=1)
    assert feed.enter()
    status: Any = {"all": "there is"}

    def tell(n: object) -> None:
        change: Any = {"n": n, "moves": {}}
        feed.tell(change, status, [], reset_at=0)

    tell("first")
    stream = feed.watch()
    assert b"event: snapshot" in next(stream)
    for n in range(3):
        tell(n)
    assert next(stream).count(b"event: change") == 3
    for n in range(MAY_LAG + 1):
        tell(n)
    snapshot = b'event: snapshot\ndata: {"all":"there is","refused":"","history":[]}\n\n'
    assert next(stream) == snapshot
    tell("next")
    assert next(stream) == b'event: change\ndata: {"n":"next","moves":{},"refused":""}\n\n'
    assert not feed.enter()
    feed.close()
    assert list(stream) == []


def test_many_viewers_are_told_less_often() -> None:
    feed = Feed(viewer_limit=1000)
    intervals = []
    for _ in range(1000):
        feed.enter()
        intervals.append(feed.interval)
    assert intervals == sorted(intervals)
    assert (intervals[0], intervals[-1]) == (0.1, 1.0)
