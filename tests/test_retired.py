"""Those that left are summed up: nothing is lost or counted twice, whoever does it and whenever."""

import time
from dataclasses import replace
from typing import Any

import pytest
from redis import Redis

from attack.faults import full
from messaging.message import LARGEST_SEQ
from messaging.reporting.report import Report
from messaging.reporting.reporter import RECORDS, RESET
from pages.live.ledger import Ledger
from pages.live.records import is_whole, load, reset_figures, retire_those_that_left
from pages.live.retired import MOST_OVER, SILENT_FOR
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
        some = [left(f"{turn}-{n}", n) for n in range(MOST_OVER + 50)]
        keep(redis, *some, replace(left(f"lives-{turn}", 7), left=False))
        count += sum(range(MOST_OVER + 50)) + 7
        for ledger in (there, other):
            load(redis, ledger, are_news=False)
        assert received(there, other) == {(count, count)}
        retire_those_that_left(redis)
        assert redis.hlen(RECORDS) == 1 + turn + 1
        assert not is_whole(redis, there)
        for ledger in (there, other):
            load(redis, ledger, are_news=True)
            assert is_whole(redis, ledger)
            assert len(ledger.members) == redis.hlen(RECORDS)
        assert received(there, other) == {(count, count)}
    load(redis, late, are_news=False)
    assert received(late) == received(there)
    for ledger in (there, other):
        assert not ledger.follows(left("0-3", 3)), "a late report of one that is summed up"
        fresh = ledger.take_fresh()["prodcons"].counts["received"]
        assert fresh == 0, "what is summed up is no news"
    reset_figures(redis)
    load(redis, there, are_news=False)
    assert received(there) == {(0, 0)}
    assert redis.hlen(RECORDS) == 3, "those that live"


def test_few_that_left_stay_and_a_flush_is_no_retirement(redis: Redis) -> None:
    ledger = Ledger()
    keep(redis, *(left(str(n), 1) for n in range(MOST_OVER)))
    load(redis, ledger, are_news=False)
    retire_those_that_left(redis)
    assert redis.hlen(RECORDS) == MOST_OVER
    redis.flushall()
    load(redis, ledger, are_news=False)
    assert redis.hlen(RECORDS) == MOST_OVER
    assert received(ledger) == {(MOST_OVER, MOST_OVER)}


def test_who_missed_the_last_report_of_one_that_left_learns_it_from_the_sum(redis: Redis) -> None:
    ledger = Ledger()
    ledger.hear(replace(left("0", 3), n=4, left=False))
    for n in range(MOST_OVER + 1):
        keep(redis, left(str(n), 10))
    retire_those_that_left(redis)
    load(redis, ledger, are_news=False)
    assert received(ledger) == {(10 * (MOST_OVER + 1),) * 2}


def test_whoever_was_silent_for_an_hour_is_summed_up_too(redis: Redis) -> None:
    ledger = Ledger()
    long_ago = time.time() - SILENT_FOR - 1
    for n in range(MOST_OVER + 1):
        keep(redis, replace(left(str(n), 1), left=False, at=long_ago))
    load(redis, ledger, are_news=False)
    assert ledger.has_many_that_are_over()
    retire_those_that_left(redis)
    assert redis.hlen(RECORDS) == 1


def test_a_redis_that_comes_back_with_an_old_state_is_believed(redis: Redis) -> None:
    ledger = Ledger()
    keep(redis, *(left(str(n), 1) for n in range(MOST_OVER + 1)))
    old: Any = redis.hgetall(RECORDS)
    for _ in range(2):
        retire_those_that_left(redis)
        load(redis, ledger, are_news=False)
        keep(redis, *(left(f"more-{n}", 1) for n in range(MOST_OVER + 1)))
    redis.delete(RECORDS)
    redis.hset(
        RECORDS,
        mapping={**old, "retired-prodcons": replace(left("retired-prodcons", 7), n=1).encode()},
    )
    load(redis, ledger, are_news=False)
    assert received(ledger) == {(MOST_OVER + 1 + 7,) * 2}


def test_what_others_have_written_stops_no_retirement(redis: Redis) -> None:
    """Numbers too large to add up, a record in another one's field, a sum that is none."""
    ledger = Ledger()
    huge = replace(left("huge", 1), counts={"missed": LARGEST_SEQ})
    keep(redis, huge, replace(huge, id="huger"), *(left(str(n), 1) for n in range(MOST_OVER)))
    redis.hset(
        RECORDS, mapping={"retired-prodcons": b"{}", "0": b"junk", "k": left("0", 9).encode()}
    )
    load(redis, ledger, are_news=False)
    retire_those_that_left(redis)
    load(redis, ledger, are_news=False)
    (total,) = received(ledger)
    assert total == (MOST_OVER - 1, MOST_OVER + 1), "all but what was in the wrong field"
    assert is_whole(redis, ledger)
    keep(redis, *(left(f"more-{n}", 1) for n in range(MOST_OVER)))
    load(redis, ledger, are_news=False)
    retire_those_that_left(redis)
    assert redis.hlen(RECORDS) < 5


def test_a_full_redis_stops_nothing(redis: Redis) -> None:
    keep(redis, *(left(str(n), 1) for n in range(MOST_OVER + 1)))
    with full(redis):
        retire_those_that_left(redis)
    assert redis.hlen(RECORDS) == MOST_OVER + 1


def test_a_reset_in_the_future_is_not_believed(redis: Redis) -> None:
    ledger = Ledger()
    redis.set(RESET, (int(time.time()) + 3600) * 1000)
    keep(redis, left("one", 3))
    forged = replace(left("two", 1), reset_at=2**53).encode()
    redis.hset(RECORDS, "two", forged)
    load(redis, ledger, are_news=False)
    assert received(ledger) == {(3, 3)}
    reset_at = reset_figures(redis)
    assert abs(reset_at - time.time() * 1000) < 10_000
