"""What Redis has lost is told again: records and the last reset, also beside a new one."""

import signal
import time
from collections.abc import Callable
from typing import Any

from redis import Redis

from messaging.reporting.report import Report
from messaging.reporting.reporter import RECORDS, RESET
from pages.live.ledger import Ledger
from pages.live.records import is_whole, load, reset_figures
from patterns import PATTERNS
from tests.parts import Listener, RedisServer, Web
from tests.processes import eventually

Start = Callable[..., Any]


def test_what_is_flushed_is_told_again(own_server: RedisServer, start: Start) -> None:
    """FLUSHALL cuts no connection: what Redis keeps for later processes is looked after."""
    web = start(Web, REDIS_URL=own_server.url)
    listener = start(Listener, "pubsub", REDIS_URL=own_server.url)

    def five_are_counted() -> bool:
        """Sent and received, whichever process answers."""
        told = [web.figures("pubsub") for _ in range(20)]
        return {(one["sent"], one["received"]) for one in told} == {(5, 5)}

    with Redis.from_url(own_server.url) as redis:
        known = 2 * len(PATTERNS) + 1  # reports: of each web process, and the listener's
        eventually(lambda: redis.hlen(RECORDS) == known)
        for _ in range(2):
            web.send("/pubsub?count=5")
            eventually(five_are_counted)
            assert web.ask("/reset?what=figures", "POST").status == 303
        web.send("/pubsub?count=5")
        listener.stop()
        eventually(five_are_counted)
        zeroed = redis.get(RESET)
        redis.flushall()
        eventually(lambda: redis.hlen(RECORDS) == known)
        eventually(lambda: redis.get(RESET) == zeroed)
    web.gets(signal.SIGHUP)  # new processes know what Redis keeps
    eventually(lambda: web.text.count("Worker exiting") == 2)
    eventually(five_are_counted)


def test_a_record_that_cannot_be_read_is_not_missed_and_a_reset_deletes_it(
    own_server: RedisServer,
) -> None:
    report = Report("one", 1, time.time(), "prodcons", "listener", "one", "here", 1)
    ledger = Ledger()
    with Redis.from_url(own_server.url) as redis:
        redis.hset(RECORDS, mapping={"one": report.encode(), "old": b"{}", "other": b"\xff"})
        assert not is_whole(redis, ledger)
        load(redis, ledger, are_news=False)
        assert is_whole(redis, ledger)
        reset_figures(redis)
        assert redis.hkeys(RECORDS) == [b"one"]
        load(redis, ledger, are_news=False)
        redis.delete(RECORDS)
        assert not is_whole(redis, ledger)


def test_a_reset_right_after_a_flush_counts_from_zero(
    own_server: RedisServer, start: Start
) -> None:
    """Redis has lost the reports, but each web process still knows them."""
    web = start(Web, REDIS_URL=own_server.url)
    start(Listener, "pubsub", REDIS_URL=own_server.url)

    def counted() -> set[tuple[int, int]]:
        """Sent and received, whichever process answers."""
        told = [web.figures("pubsub") for _ in range(20)]
        return {(one["sent"], one["received"]) for one in told}

    web.send("/pubsub?count=5")
    eventually(lambda: counted() == {(5, 5)})
    with Redis.from_url(own_server.url) as redis:
        redis.flushall()
        assert web.ask("/reset?what=figures", "POST").status == 303
        eventually(lambda: redis.hlen(RECORDS) == 2 * len(PATTERNS) + 1)
        assert counted() == {(0, 0)}
    web.gets(signal.SIGHUP)  # new processes know what Redis keeps
    eventually(lambda: web.text.count("Worker exiting") == 2)
    eventually(lambda: counted() == {(0, 0)})
    web.send("/pubsub")
    eventually(lambda: counted() == {(1, 1)})
