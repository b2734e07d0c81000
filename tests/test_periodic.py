"""Periodic pieces: Celery's beat ticks, and what is on is done once each time."""

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from jobs import notes
from jobs.celery_app import app as celery_app
from jobs.commands import celery_beat, celery_worker
from jobs.periodic import MINUTE, PERIODIC, TEN_SECONDS, switch, switched
from jobs.work import Piece, State
from tests.parts import RedisServer
from tests.processes import Process, eventually
from web import app

TICKS = "*celery-task-meta-*"  # Celery's results, one for each
EVERY = 0.5  # second: see tests/fast_beat.py, which changes the app that imports it


@pytest.fixture(autouse=True)
def redis(server: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(server.url) as client:
        client.flushall()
        yield client


def pieces(redis: Redis) -> list[Piece]:
    """Those that are over, the oldest first."""
    latest = notes.latest(redis, "celery")
    return [one for one in reversed(latest) if one.state.is_final]


def test_all_is_off_until_somebody_switches_it_on(redis: Redis) -> None:
    assert switched(redis) == dict.fromkeys(PERIODIC, False)
    switch(redis, MINUTE, True)
    assert switched(redis) == {TEN_SECONDS: False, MINUTE: True}
    switch(redis, MINUTE, False)
    assert not any(switched(redis).values())
    with pytest.raises(KeyError):
        switch(redis, "never", True)


def test_beat_ticks_for_each_and_drops_a_tick_that_nobody_takes() -> None:
    schedule = celery_app.conf.beat_schedule
    assert {*schedule} == {*PERIODIC}
    assert schedule[TEN_SECONDS]["schedule"] == schedule[TEN_SECONDS]["options"]["expires"] == 10
    minute = schedule[MINUTE]["schedule"]
    assert (minute.minute, minute.hour) == ({*range(60)}, {*range(24)})


def test_the_address_switches_one_and_goes_back_to_the_page(redis: Redis) -> None:
    client = app.test_client()
    answer = client.post(f"/jobs/periodic/{TEN_SECONDS}?on=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/jobs#periodic")
    assert switched(redis)[TEN_SECONDS]
    as_json = {"Accept": "application/json"}
    answer = client.post(f"/jobs/periodic/{TEN_SECONDS}?on=0", headers=as_json)
    assert answer.json == {TEN_SECONDS: False, MINUTE: False}
    assert client.post("/jobs/periodic/never?on=1").status_code == 404
    assert client.post(f"/jobs/periodic/{TEN_SECONDS}?on=yes").status_code == 400
    assert client.get(f"/jobs/periodic/{TEN_SECONDS}?on=1").status_code == 405
    foreign = {"Origin": "http://elsewhere.example"}
    assert client.post(f"/jobs/periodic/{TEN_SECONDS}?on=1", headers=foreign).status_code == 403
    assert not any(switched(redis).values())


def test_a_tick_is_done_once_while_it_is_on(
    redis: Redis, start: Callable[..., Any], tmp_path: Path
) -> None:
    start(Process, celery_worker("threads"))
    beat = celery_beat(tmp_path)
    fast = ["tests.fast_beat" if one == "jobs.celery_app" else one for one in beat]
    begun = time.monotonic()
    start(Process, fast)
    eventually(lambda: redis.keys(TICKS))  # it ticks, and nothing is done
    assert not notes.latest(redis, "celery")
    switch(redis, TEN_SECONDS, True)
    eventually(lambda: len(pieces(redis)) >= 4)
    switch(redis, TEN_SECONDS, False)
    time.sleep(3 * EVERY)
    done = pieces(redis)
    ticks = redis.keys(TICKS)
    assert len(done) < len(ticks) <= (time.monotonic() - begun) / EVERY + 2
    for one in done:
        assert [event.state for event in one.events] == [State.STARTED, State.SUCCESS]
        assert one.work.task == PERIODIC[TEN_SECONDS].task
    time.sleep(2 * EVERY)
    assert pieces(redis) == done


@pytest.mark.heavy
def test_the_real_clock_ticks_every_ten_seconds_and_every_minute(
    redis: Redis, start: Callable[..., Any], tmp_path: Path
) -> None:
    for name in PERIODIC:
        switch(redis, name, True)
    start(Process, celery_worker("threads"))
    start(Process, celery_beat(tmp_path))
    begun = time.time()
    eventually(lambda: [one for one in pieces(redis) if one.work.task == "compute"], 90)
    eventually(lambda: len(pieces(redis)) >= 4, 60)
    lasted = time.time() - begun
    of_ten = [one.work.asked for one in pieces(redis) if one.work.task == "wait"]
    assert all(9 < after - before < 11 for before, after in pairwise(of_ten)), of_ten
    of_minute = [one.work.asked for one in pieces(redis) if one.work.task == "compute"]
    assert len(of_minute) <= lasted // 60 + 1
    assert all(one % 60 < 5 for one in of_minute)
