"""The user of the documents may do all that is needed, and nothing more."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from messaging.reporting.reporter import RECORDS
from patterns import PATTERNS
from patterns.machinery.lease import HEARTBEAT_INTERVAL
from patterns.pubsub import CHANNEL
from patterns.reliable import taken_by
from tests.documents import blocks
from tests.parts import Listener, RedisServer, Web
from tests.processes import eventually, stop_all

Start = Callable[..., Any]
(RULE,) = blocks("acl")
USER = "queue-or-channel"


@pytest.fixture
def own(own_server: RedisServer) -> Redis:
    """A client that may do everything, of a Redis that has the user."""
    redis = Redis.from_url(own_server.url)
    redis.execute_command(*RULE.split())  # type: ignore[no-untyped-call]
    return redis


def use_all(start: Start, own: Redis, url: str) -> None:
    """Start everything as this user, and let all happen that can."""
    web = start(Web, REDIS_URL=url, WEB_CONCURRENCY="1")
    listeners = {name: start(Listener, name, REDIS_URL=url) for name in PATTERNS}
    oldest = start(Listener, "prodcons", "--oldest-first", REDIS_URL=url)
    for name, listener in listeners.items():
        web.send(f"/{name}?count=3")
        if name != "prodcons":
            listener.receives(3)
    oldest.stop()
    for name in ("reliable", "stream"):
        killed = start(Listener, name, "--work", "60", REDIS_URL=url)
        listeners[name].stop()
        web.send(f"/{name}?body=taken-over")
        eventually(lambda name=name: web.figures(name)["waiting"] == 0)  # type: ignore[misc]
        time.sleep(2 * HEARTBEAT_INTERVAL)  # in which it renews its lease
        other = start(Listener, name, REDIS_URL=url)
        killed.kill()
        assert [line["body"] for line in other.receives(1)] == ["taken-over"]
        other.stop()
        web.send(f"/{name}?count=5")
    assert web.ask("/reset?what=queue", "POST").status == 303
    assert web.status()["refused"] == ""
    own.delete(RECORDS)
    own.hset(RECORDS, "other", "{}")
    eventually(lambda: own.hlen(RECORDS) > len(PATTERNS))  # the web stores its records again
    stop_all(listeners["prodcons"], listeners["pubsub"], listeners["fanout"])


def test_the_rule_is_enough_and_nothing_in_it_is_too_much(
    own: Redis, own_server: RedisServer, start: Start
) -> None:
    own.config_resetstat()
    use_all(start, own, own_server.url.replace("//", f"//{USER}:secret@"))
    denied = own.execute_command("ACL", "LOG")  # type: ignore[no-untyped-call]
    assert denied == []
    used = {name.removeprefix("cmdstat_") for name in own.info("commandstats")}
    allowed = set(re.findall(r" \+([a-z|]+)", RULE))
    assert allowed <= used, allowed - used


def test_other_keys_and_channels_are_not_for_it(own: Redis, own_server: RedisServer) -> None:
    user = Redis.from_url(own_server.url.replace("//", f"//{USER}:secret@"))
    for command in (
        ("GET", "other"),
        ("PUBLISH", "other", "x"),
        ("CONFIG", "GET", "dir"),
        ("FLUSHALL",),
        ("KEYS", "*"),
    ):
        with pytest.raises(Exception, match=r"no permission|NOPERM|permissions"):
            user.execute_command(*command)  # type: ignore[no-untyped-call]
    user.publish(CHANNEL, "x")
    user.llen(taken_by("x"))
