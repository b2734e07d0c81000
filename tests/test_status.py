"""What /status tells: of all processes, whichever of them answers."""

import re
import signal
import time
from collections.abc import Callable
from typing import Any

from redis import Redis

from messaging.reporting.reporter import RECORDS, reports_channel
from pages.live.member import GONE_AFTER
from patterns import PATTERNS
from patterns.prodcons import QUEUE
from tests.parts import Listener, RedisServer, Sending, Web
from tests.processes import eventually

Start = Callable[..., Any]


def test_status_tells_what_the_readme_says(
    own_web: Web, start: Start, own_server: RedisServer
) -> None:
    for name in PATTERNS:
        start(Listener, name, "--name", f"{name}-1", REDIS_URL=own_server.url)
        own_web.send(f"/{name}?count=3")
        eventually(lambda name=name: own_web.figures(name)["received"] == 3)  # type: ignore[misc]
    status = own_web.status()
    assert list(status) == ["redis", "why", "refused", "run_id", "at", "stage", "zero", "patterns"]
    assert (status["redis"], status["why"]) == ("up", "")
    queue, channel = status["patterns"]["prodcons"], status["patterns"]["pubsub"]
    assert (queue["sent"], queue["waiting"], queue["oldest_s"]) == (3, 0, None)
    assert (channel["sent"], channel["deliveries"], channel["unheard"]) == (3, 3, 0)
    reliable, stream = status["patterns"]["reliable"], status["patterns"]["stream"]
    for told in (reliable, stream):
        assert (told["redelivered"], told["dead"], told["dead_letters"], told["oldest"]) == (
            0,
            0,
            0,
            [],
        )
    assert (stream["groups"], stream["kept"]) == (1, 0)
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


def test_who_takes_over_and_what_is_put_aside_is_told(
    own_web: Web, own_server: RedisServer, start: Start
) -> None:
    def card(name: str, **fields: object) -> list[dict[str, Any]]:
        """The listeners of which that is told."""
        cards = own_web.figures(name)["listeners"]
        return [one for one in cards if fields.items() <= one.items()]

    for name in ("reliable", "stream"):
        first = start(Listener, name, "--work", "30", REDIS_URL=own_server.url)
        own_web.send(f"/{name}?body=mine")
        eventually(lambda name=name: card(name, doing="on mine"))  # type: ignore[misc]
        first.gets(signal.SIGKILL)
        start(Listener, name, "--name", "second", REDIS_URL=own_server.url)
    for name in ("reliable", "stream"):
        eventually(lambda name=name: own_web.figures(name)["received"] == 1)  # type: ignore[misc]
        (gone,) = eventually(lambda name=name: card(name, state="gone"))  # type: ignore[misc]
        assert gone["doing"].endswith(" while on mine, taken over")
        told = own_web.figures(name)
        assert (told["sent"], told["redelivered"], told["dead"]) == (1, 1, 0)
        assert "lost" not in told["rest"]
        assert "to be redelivered" not in told["rest"], "that is done"
        assert "1 redelivered" in told["rest"]


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


def test_all_processes_agree_after_restarts_and_nothing_is_lost(
    own_server: RedisServer, start: Start
) -> None:
    web, sent = start(Web, REDIS_URL=own_server.url), 0
    for ended in (2, 4):
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
        eventually(lambda: own_web.status()["redis"] == "away")
        assert "does not answer" in own_web.status()["why"]
        time.sleep(GONE_AFTER)  # while nobody can be heard, nobody is silent
        assert own_web.figures("pubsub")["there"] == 1
    finally:
        own_server.gets(signal.SIGCONT)
    eventually(lambda: own_web.status()["redis"] == "up")
    assert own_web.figures("pubsub")["there"] == 1


def test_a_page_after_a_click_waits_for_the_report_of_the_listener(
    own_web: Web, own_server: RedisServer, start: Start
) -> None:
    """It comes with a later tick than the web's own, where the work takes a moment."""
    start(Listener, "prodcons", "--work", "0.05", REDIS_URL=own_server.url)
    eventually(lambda: own_web.figures("prodcons")["there"] == 1)
    for count in range(1, 6):
        to = own_web.ask("/prodcons").headers["Location"].partition("#")[0]
        page = own_web.ask(to, Sec_Fetch_Mode="navigate").text
        received = re.findall(r'data-f="received">([^<]*)<', page.partition('id="pubsub"')[0])
        assert received[-1] == str(count)
