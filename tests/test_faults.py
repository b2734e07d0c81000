"""Redis refuses some commands and carries out others: what it sends is received all the same."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from redis import Redis

from attack.faults import busy, disk_full, without
from messaging import connection
from messaging.message import Message
from messaging.sending.sender import NotSentError, OutcomeUnknownError, Sender, Sent
from patterns import PATTERNS
from patterns.fanout import register
from patterns.machinery.subscription import PING_INTERVAL
from patterns.pubsub import CHANNEL
from tests.messages import message, send
from tests.parts import Listener, RedisServer, Web
from tests.places import each_pattern, kept_messages
from tests.processes import eventually
from web import SENDS

Start = Callable[..., Any]


@pytest.fixture
def own(own_server: RedisServer) -> Redis:
    """A client of a Redis that may have faults."""
    return Redis.from_url(own_server.url)


@pytest.mark.parametrize(
    "fault", [disk_full, busy, lambda redis: without(redis, "-ping")], ids=["disk", "busy", "acl"]
)
def test_a_refused_ping_costs_no_message(
    fault: Callable[[Redis], AbstractContextManager[None]],
    own: Redis,
    own_server: RedisServer,
    start: Start,
) -> None:
    listener = start(Listener, "pubsub", LIVE="0", REDIS_URL=own_server.url)
    send(own, "pubsub", message("1", 1))
    listener.receives(1)
    refused, (subscriber,) = errors(own), own.client_list("pubsub")
    with fault(own):
        time.sleep(2.5 * PING_INTERVAL)  # a busy Redis cannot be asked how often it was pinged
    assert errors(own) > refused
    assert [one["id"] for one in own.client_list("pubsub")] == [subscriber["id"]]
    send(own, "pubsub", message("2", 2))
    listener.receives(2)
    assert not listener.missed()
    assert listener.text.count("Listening") == 1
    assert "Reconnected" not in listener.text
    assert listener.stop()[0] == 0


def errors(redis: Redis) -> int:
    """How often Redis has refused a PING."""
    stats = redis.info("commandstats").get("cmdstat_ping", {})
    return int(stats.get("rejected_calls", 0))


FORBIDDEN = ("-multi", "-exec", "-publish", "-lpush", "-xadd", "-xlen", "-eval", "-zrange")


@pytest.mark.parametrize("rule", FORBIDDEN)
@each_pattern
def test_what_was_not_sent_is_not_there_and_numbers_are_used_once(
    name: str, rule: str, own: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever Redis refuses of a send: «not sent» is true, or it is unknown."""
    monkeypatch.setattr(connection, "REDIS_URL", url_of(own))
    sender, heard = Sender(), own.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    heard.subscribe(CHANNEL)
    heard.get_message(timeout=1)  # that it is subscribed
    register(own, "one")
    before = lines_sent(sender, name, "before")
    with without(own, rule):
        try:
            refused = lines_sent(sender, name, "refused")
        except NotSentError:
            refused = []
        except OutcomeUnknownError as error:
            refused = ids(error.sent)
    after = lines_sent(sender, name, "after")
    there = [one.id for one in (kept_messages(own, name) or told(heard))]
    assert len({*before, *refused, *after}) == len(before) + len(refused) + len(after)
    assert {*before, *after} <= {*there} <= {*before, *refused, *after}
    assert len(there) == len({*there})


def lines_sent(sender: Sender, name: str, body: str) -> list[str]:
    """Send three messages, and return their ids."""
    sent, _ = sender.send(name, SENDS[name], [body] * 3, PATTERNS[name].store.length)
    return ids(sent)


def ids(sent: Sent) -> list[str]:
    return [f"{sent.sender}-{number}" for number in range(sent.first, sent.last + 1)]


def told(heard: Any) -> list[Message]:
    lines = iter(lambda: heard.get_message(timeout=0.2), None)
    return [Message.decode(line["data"]) for line in lines]


def url_of(redis: Redis) -> str:
    return f"redis://127.0.0.1:{redis.get_connection_kwargs()['port']}/5"


def test_reports_that_redis_refuses_are_said_to_be(
    own: Redis, own_server: RedisServer, start: Start
) -> None:
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    listener = start(Listener, "prodcons", REDIS_URL=own_server.url)
    eventually(lambda: web.figures("prodcons")["there"])
    why = "The live page is not told what happens: "
    with without(own, "-hset"):
        web.send("/prodcons")
        listener.says(why)
        eventually(lambda: web.status()["refused"].startswith(why))
        assert listener.receives(1)
    eventually(lambda: not web.status()["refused"])
    eventually(lambda: web.figures("prodcons")["sent"] == 1)
    assert listener.text.count(why) == 1


def test_a_subscriber_that_redis_cuts_off_says_so_and_the_page_counts_what_it_lost(
    own: Redis, own_server: RedisServer, start: Start
) -> None:
    own.config_set("client-output-buffer-limit", "pubsub 1mb 0 0")
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    listener = start(Listener, "pubsub", "--work", "0.001", REDIS_URL=own_server.url)
    eventually(lambda: web.figures("pubsub")["there"])
    for _ in range(10):  # large ones: what the sockets hold by then is worked on at first
        web.send(f"/pubsub?count=500&body={'x' * 2000}")
    eventually(lambda: "Reconnected" in listener.stderr.text())
    said = listener.stderr.text()
    assert 0 < said.index("as a server does that holds too much for") < said.index("Reconnected")

    def is_told() -> bool:
        told = web.figures("pubsub")
        lost = told["deliveries"] - told["received"]
        return f"{lost:,} not received: " in told["rest"]

    eventually(is_told)
    web.send("/pubsub")
    eventually(listener.missed)
    eventually(lambda: "not received" not in web.figures("pubsub")["rest"])
    told = web.figures("pubsub")
    assert told["deliveries"] <= told["received"] + told["missed"]
