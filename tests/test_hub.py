"""When the hub ticks, and what those who watch are told: each thing once."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from redis import Redis

from controls import wire
from messaging.reporting.report import Report
from messaging.reporting.reporter import RECORDS
from pages.live import hub as hub_module
from pages.live.feed import Feed
from pages.live.hub import GATHER, IDLE, READS, Hub
from patterns import PATTERNS
from patterns.declaration.store import Backlog


def listener(n: int, received: int, pattern: str) -> Report:
    report = Report(f"one-{pattern}", n, time.time(), pattern, "listener", "one", "here", 1)
    return replace(report, counts={"received": received})


class Clock:
    """The monotonic clock, which a test moves by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    return clock


def test_each_report_is_heard_also_beside_one_that_is_news() -> None:
    hub = Hub(Feed(1))
    hub._ledger.load([listener(1, 0, pattern) for pattern in PATTERNS], 0, are_news=False)
    for pattern in PATTERNS:
        hub._hear(listener(2, 5, pattern).encode())
    counted = hub._count(time.monotonic())
    assert {one["received"] for one in counted.values()} == {5}


def test_who_is_not_known_and_what_does_not_follow_is_loaded() -> None:
    """It may be summed up already, or other delays did not arrive."""
    hub = Hub(Feed(1))
    hub._hear(listener(1, 5, "prodcons").encode())
    assert hub._must_load
    hub._must_load = False
    hub._ledger.load([listener(1, 5, "prodcons")], 0, are_news=False)
    hub._hear(listener(2, 6, "prodcons").encode())
    assert not hub._must_load
    hub._hear(listener(4, 8, "prodcons").encode())
    assert hub._must_load
    assert hub._count(time.monotonic())["prodcons"]["received"] == 6


@pytest.mark.parametrize("steps", ["h1 t h2 t", "h1 h2 t t", "t h1 h2 h3 t", "h1 t h3 t", "h2 t"])
def test_what_a_published_report_tells_moves_once(steps: str, redis: Redis) -> None:
    """Redis keeps the last report only, and the hub may ask it after a later one was stored."""
    hub = Hub(feed := Feed(1))
    hub._begin()
    feed.enter()
    events = feed.watch()
    next(events)
    one = Report("web-1", 1, time.time(), "prodcons", "web", "web-1", "here", 1)
    reports = {n: replace(one, n=n, recent=[[f"web-1-{n}", "7", None]]) for n in (1, 2, 3)}
    redis.hset(RECORDS, one.id, reports[3].encode())
    for step in steps.split():
        if step == "t":
            hub._tick(time.monotonic())
        else:
            hub._hear(reports[int(step[1])].encode())
    changes = [line for line in next(events).decode().split("\n") if line.startswith("data: ")]
    moves = [json.loads(line[6:])["moves"] for line in changes]
    moved = [id_ for one in moves for id_, *_ in one.get("prodcons", {}).get("sent", [])]
    heard = {f"web-1-{step[1]}" for step in steps.split() if step != "t"}
    assert sorted(moved) == sorted(heard | {"web-1-3"})


def test_without_news_it_ticks_once_a_second(clock: Clock) -> None:
    hub = Hub(Feed(1))
    assert hub._tick_due == clock.now + IDLE
    hub._ledger.load([listener(0, 0, "prodcons")], 0, are_news=False)
    hub._hear(listener(1, 5, "prodcons").encode())
    assert hub._tick_due < clock.now + IDLE
    hub._tick(clock.now)
    hub._hear(listener(2, 5, "prodcons").encode())
    assert hub._tick_due == clock.now + IDLE, "a heartbeat is no news"


def test_a_tick_gathers_news_but_not_what_is_told_at_once(clock: Clock) -> None:
    hub = Hub(Feed(1))
    clock.now += IDLE / 2
    hub._hear(listener(1, 5, "prodcons").encode())
    assert hub._tick_due == clock.now + GATHER
    hub._tick_within(0.0)
    assert hub._tick_due == clock.now
    hub._hear(listener(2, 6, "prodcons").encode())
    assert hub._tick_due == clock.now, "news that is to be gathered holds up nothing"


def test_it_ticks_no_oftener_than_viewers_can_bear(clock: Clock) -> None:
    feed = Feed(1000)
    hub = Hub(feed)
    for _ in range(200):
        feed.enter()
    hub._tick_within(0.0)
    assert hub._tick_due == clock.now + feed.interval > clock.now + GATHER


@pytest.mark.parametrize(
    ("line", "looks"),
    [
        pytest.param(b"x" * READS, 3, id="long lines"),  # which Redis is not asked for again soon
        pytest.param(b"x", 30, id="a short line"),  # however long the answer took
    ],
)
def test_what_waits_is_asked_for_the_rarer_the_longer_its_lines_are(
    line: bytes, looks: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[float] = []
    asked: list[object] = []  # what obeys, which is asked for at each tick
    hub = Hub(Feed(1))

    def slow_look(redis: object) -> dict[str, Backlog]:
        if redis is hub._redis:  # and not that of a hub that another test has started
            looked.append(clock.now)
            clock.now += 0.5
        return dict.fromkeys(PATTERNS, Backlog()) | {"prodcons": Backlog(9, [line] * 9, line)}

    hub._why_away = ""
    monkeypatch.setattr(hub_module, "look", slow_look)
    monkeypatch.setattr(hub_module, "is_whole", lambda *_: True)
    monkeypatch.setattr(hub_module, "OFFERED", "secret")
    monkeypatch.setattr(wire, "look", lambda *_: asked.append(hub))
    for _ in range(30):
        hub._tick(clock.now)
        clock.now += 1
    assert len(looked) == looks
    assert asked.count(hub) == 30


def test_a_snapshot_and_the_changes_after_it_have_each_sample_once() -> None:
    feed = Feed(1)
    hub = Hub(feed)
    feed.enter()
    samples: list[Any] = []
    before = feed.watch()
    told = [next(before)]
    for n in range(3):
        hub._tick(time.monotonic() + (n + 1) * IDLE)
    told.append(next(before))
    late = feed.watch()
    for event in "".join(one.decode() for one in told).split("\n\n"):
        kind, _, data = event.partition("\ndata: ")
        if kind.endswith("snapshot"):
            samples += json.loads(data)["history"]
        elif data:
            samples.append(json.loads(data)["sample"])
    assert len(samples) == 3
    history = json.loads(next(late).decode().partition("data: ")[2])["history"]
    assert history == samples
