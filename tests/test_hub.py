"""When the hub ticks, and what those who watch are told: each thing once."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from messaging.reporting.report import Report
from pages.live.hub import Hub
from pages.live.schedule import GATHER, IDLE, TickSchedule
from pages.live.viewers import Viewers
from patterns import PATTERNS


def listener(n: int, received: int, pattern: str) -> Report:
    report = Report(f"one-{pattern}", n, time.time(), pattern, "listener", "one", "here", 1)
    return replace(report, counts={"received": received})


def test_each_report_is_heard_also_beside_one_that_is_news() -> None:
    hub = Hub(Viewers(1))
    for pattern in PATTERNS:
        hub._hear(listener(1, 5, pattern).encode())
    hub._count(time.monotonic())
    assert {one["received"] for one in hub.status()["patterns"].values()} == {5}


def test_news_at_once_is_told_sooner_than_news() -> None:
    schedule = TickSchedule()
    assert not schedule.has_news
    schedule.news_at_once()
    assert schedule.has_news
    assert schedule.is_due(interval=0)
    schedule.news()
    assert schedule.is_due(interval=0), "news that is to be gathered holds up nothing"
    assert schedule.tick()
    assert not schedule.has_news


def test_without_news_it_ticks_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    schedule = TickSchedule()
    now += IDLE - 0.01
    assert not schedule.is_due(interval=0)
    schedule.news()
    assert not schedule.is_due(interval=0)
    now += GATHER
    assert schedule.is_due(interval=0)
    assert not schedule.is_due(interval=2 * IDLE), "viewers can bear no more"
    assert schedule.tick()
    now += IDLE
    assert schedule.is_due(interval=0)
    assert not schedule.tick(), "a sign of life, and no news"


def test_a_snapshot_and_the_changes_after_it_have_each_sample_once() -> None:
    hub = Hub(Viewers(1))
    hub.viewers.enter()
    samples: list[Any] = []
    before = hub.viewers.watch()
    told = [next(before)]
    for n in range(3):
        hub._tick(time.monotonic() + (n + 1) * IDLE)
    told.append(next(before))
    late = hub.viewers.watch()
    for event in "".join(one.decode() for one in told).split("\n\n"):
        kind, _, data = event.partition("\ndata: ")
        if kind.endswith("snapshot"):
            samples += json.loads(data)["history"]
        elif data:
            samples.append(json.loads(data)["sample"])
    assert len(samples) == 3
    history = json.loads(next(late).decode().partition("data: ")[2])["history"]
    assert history == samples
