"""Those that left are summed up: nothing is lost or counted twice, whoever does it and whenever."""

import time
from dataclasses import replace

import pytest
from redis import Redis

from messaging.reporting.report import Report
from messaging.reporting.reporter import RECORDS
from pages.live.ledger import Ledger
from pages.live.records import is_whole, load, reset_figures, retire_those_that_left
from pages.live.retired import MOST_LEFT
from tests.parts import RedisServer


@pytest.fixture
def redis(own_server: RedisServer) -> Redis:
    """A client of a Redis in which no other process keeps records."""
    return Redis.from_url(own_server.url)


def left(name: str, received: int, **more: object) -> Report:
    report = Report(name, 5, time.time(), "prodcons", "listener", name, "here", 1, left=True)
    fields = {"counts": {"received": received}, "delays": {"-350": received}, **more}
    return replace(report, **fields)  # type: ignore[arg-type]


def keep(redis: Redis, *reports: Report) -> None:
    redis.hset(RECORDS, mapping={report.id: report.encode() for report in reports})


def received(*ledgers: Ledger) -> set[tuple[int, int]]:
    """Messages, and delays of messages."""
    totals = [ledger.totals["prodcons"] for ledger in ledgers]
    return {(one.counts["received"], one.delays.buckets.total()) for one in totals}


def test_many_that_left_are_one_record_and_count_as_before(redis: Redis) -> None:
    there, other, late = Ledger(), Ledger(), Ledger()
    count = 0
    for turn in range(3):
        some = [left(f"{turn}-{n}", n) for n in range(MOST_LEFT + 50)]
        keep(redis, *some, replace(left(f"lives-{turn}", 7), left=False))
        count += sum(range(MOST_LEFT + 50)) + 7
        for ledger in (there, other):
            load(redis, ledger, are_news=False)
        assert received(there, other) == {(count, count)}
        retire_those_that_left(redis)
        assert redis.hlen(RECORDS) == 1 + turn + 1
        assert not is_whole(redis, there)
        for ledger in (there, other):
            load(redis, ledger, are_news=False)
            assert is_whole(redis, ledger)
            assert len(ledger.members) == redis.hlen(RECORDS)
        assert received(there, other) == {(count, count)}
    load(redis, late, are_news=False)
    assert received(late) == received(there)
    reset_figures(redis)
    load(redis, there, are_news=False)
    assert received(there) == {(0, 0)}
    assert redis.hlen(RECORDS) == 3, "those that live"


def test_few_that_left_stay_and_a_flush_is_no_retirement(redis: Redis) -> None:
    ledger = Ledger()
    keep(redis, *(left(str(n), 1) for n in range(MOST_LEFT)))
    load(redis, ledger, are_news=False)
    retire_those_that_left(redis)
    assert redis.hlen(RECORDS) == MOST_LEFT
    redis.flushall()
    load(redis, ledger, are_news=False)
    assert redis.hlen(RECORDS) == MOST_LEFT
    assert received(ledger) == {(MOST_LEFT, MOST_LEFT)}


def test_who_missed_the_last_report_of_one_that_left_learns_it_from_the_sum(redis: Redis) -> None:
    ledger = Ledger()
    ledger.hear(replace(left("0", 3), n=4, left=False))
    for n in range(MOST_LEFT + 1):
        keep(redis, left(str(n), 10))
    retire_those_that_left(redis)
    load(redis, ledger, are_news=False)
    assert received(ledger) == {(10 * (MOST_LEFT + 1),) * 2}
