"""Redis refuses some commands and carries out others: what it sends is received all the same."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from redis import Redis

from attack.faults import busy, disk_full, without
from patterns.machinery.subscription import PING_INTERVAL
from tests.messages import message, send
from tests.parts import Listener, RedisServer

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
