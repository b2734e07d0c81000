"""What listeners and web report of themselves, and what that costs Redis."""

import signal
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from redis import Redis

from messaging.message import Message
from messaging.reporting.report import RECENT, Report
from messaging.reporting.reporter import RECORDS, reports_channel
from patterns import PATTERNS
from patterns.prodcons import QUEUE
from patterns.pubsub import CHANNEL
from tests.parts import Listener, RedisServer, Sending, Web
from tests.processes import DEADLINE, eventually, stop_all

Start = Callable[..., Any]
OneOfEach = Callable[..., dict[str, Listener]]
PLAIN = ("prodcons", "pubsub")


class Reports:
    """The reports of listeners that are published while a test runs."""

    def __init__(self, redis: Redis) -> None:
        self._pubsub = redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        self._pubsub.subscribe(reports_channel())
        self.all: list[Report] = []

    def until(self, is_it: Callable[[Report], bool]) -> Report:
        """The next report of which that is true."""
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            if heard := self._pubsub.get_message(timeout=0.05):
                report = Report.decode(heard["data"])
                if report.role == "listener":
                    self.all.append(report)
                    if is_it(report):
                        return report
        raise AssertionError("no such report")

    def by_pattern(self, name: str) -> list[Report]:
        return [report for report in self.all if report.pattern == name]


@pytest.fixture
def reports(redis: Redis) -> Reports:
    return Reports(redis)


def test_a_listener_reports_when_it_comes_each_second_and_when_it_leaves(
    reports: Reports, one_of_each: OneOfEach
) -> None:
    listeners = one_of_each()
    mine = {name: listener.popen.pid for name, listener in listeners.items()}
    of = reports.by_pattern
    reports.until(lambda _: all(len(of(name)) >= 4 for name in mine))
    for name, pid in mine.items():
        first, *later = of(name)
        assert (first.pid, first.left) == (pid, False)
        gaps = [b.at - a.at for a, b in pairwise(later)]
        assert all(gap > 0.9 for gap in gaps), gaps  # nothing but a heartbeat
    for listener in listeners.values():
        listener.gets(signal.SIGTERM)
    reports.until(lambda _: all(of(name)[-1].left for name in mine))


def test_reports_come_ten_times_a_second_at_most_and_tell_all(
    reports: Reports, redis: Redis, web: Web, one_of_each: OneOfEach
) -> None:
    one_of_each()
    for name in PATTERNS:
        tells_all(name, reports, redis, web)
    assert 0 < redis.ttl(RECORDS) <= 24 * 3600


def tells_all(name: str, reports: Reports, redis: Redis, web: Web) -> None:
    before = len(reports.by_pattern(name))
    with Sending(web, f"/{name}?count=20") as sending:
        reports.until(lambda _: len(reports.by_pattern(name)) >= before + 6)
        eventually(lambda: len(sending.ids) > 100)
    last = reports.until(
        lambda report: report.pattern == name and report.counts["received"] == len(sending.ids)
    )
    mine = reports.by_pattern(name)
    assert all(later.at - earlier.at > 0.09 for earlier, later in pairwise(mine))
    assert all(len(report.recent) <= RECENT for report in mine)
    assert {shown[0] for report in mine for shown in report.recent} <= set(sending.ids)
    kept = Report.decode(dict(redis.hgetall(RECORDS))[last.id.encode()])  # type: ignore[arg-type]
    assert kept.counts["received"] == sum(kept.delays.values()) == len(sending.ids)


def test_what_is_worked_on_is_told_as_long_as_it_is(
    reports: Reports, redis: Redis, start: Start
) -> None:
    start(Listener, "prodcons", "--work", "0.4")
    redis.lpush(QUEUE, Message("mine", "web-1", 1, time.time()).encode())
    report = reports.until(lambda report: bool(report.in_hand))
    assert (report.in_hand, report.counts["received"]) == (["web-1-1", "mine"], 0)
    report = reports.until(lambda report: not report.in_hand)
    assert report.counts["received"] == 1


def test_what_others_sent_is_from_elsewhere(reports: Reports, redis: Redis, start: Start) -> None:
    start(Listener, "prodcons", "--oldest-first")
    now = time.time()
    redis.lpush(QUEUE, "7", Message("8", "somebody", 1, now).encode(), b"\xff")
    redis.lpush(QUEUE, Message("9", "web-1", 1, now).encode())
    report = reports.until(lambda report: report.counts["received"] == 3)
    counted = {name: count for name, count in report.counts.items() if count}
    assert counted == {"received": 3, "elsewhere": 2, "malformed": 1}


def test_with_live_off_nothing_is_reported(
    own_server: RedisServer, start: Start, one_of_each: OneOfEach
) -> None:
    url = own_server.url
    web = start(Web, REDIS_URL=url, LIVE="0")
    listeners = one_of_each(REDIS_URL=url, LIVE="0")
    for name, listener in listeners.items():
        web.send(f"/{name}")
        listener.receives(1)
    stop_all(*listeners.values())
    with Redis.from_url(url) as client:
        assert client.keys("task:live:*") == []
        assert client.pubsub_numsub(reports_channel()) == [(reports_channel().encode(), 0)]
        assert client.info("commandstats")["cmdstat_publish"]["calls"] == 1  # the link's
    for path in ("/events", "/status"):
        assert web.ask(path).status == 404
    assert web.ask("/reset", "POST").status == 404
    page = web.ask("/")
    assert page.status == 200
    assert "live.js" not in page.text


def test_reports_touch_nothing_but_their_own_keys(own_server: RedisServer, start: Start) -> None:
    """With reports on, a click is still one LPUSH or one PUBLISH; the rest is named task:live."""
    url = own_server.url
    web = start(Web, REDIS_URL=url)
    listeners = [start(Listener, name, REDIS_URL=url) for name in PLAIN]
    seen: Counter[str] = Counter()
    with Redis.from_url(url) as client, client.monitor() as monitor:
        for name in PLAIN:
            web.send(f"/{name}")
        for listener in listeners:
            listener.receives(1)
        client.echo("end")
        for event in monitor.listen():
            if event["command"] == "ECHO end":
                break
            seen[" ".join(event["command"].replace(" GROUPS", "").split()[:2])] += 1
    keyed = {command: count for command, count in seen.items() if " task:" in command}
    ours = {command: count for command, count in keyed.items() if " task:live:" not in command}
    assert ours.pop(f"LPUSH {QUEUE}") == 1
    assert ours.pop(f"PUBLISH {CHANNEL}") == 1
    reads = {"LLEN", "LINDEX", "LRANGE", "XLEN", "XINFO", "XRANGE", "ZRANGE"}
    assert {command.split()[0] for command in ours} <= {"BLPOP", *reads}
