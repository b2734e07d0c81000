"""A subscriber notices a connection that has gone silent, and takes nothing else for that."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from patterns.machinery.subscription import LOST_AFTER, PING_INTERVAL
from starting.proxy import Pair
from tests.conftest import REDIS_PORT
from tests.messages import message, send
from tests.parts import Listener, RedisServer
from tests.processes import eventually
from tests.proxy import Proxy

Start = Callable[..., Any]
LARGE = 24 * 2**20  # bytes: more than sockets hold, and less than Redis holds for a subscriber


def test_a_connection_that_goes_silent_is_noticed_and_made_anew(
    start: Start, redis: Redis, proxy: Proxy
) -> None:
    listener = start(Listener, "pubsub", REDIS_URL=proxy.url, LIVE="0")
    send(redis, "pubsub", message("1"))
    listener.receives(1)
    proxy.hold_until = lambda said: False
    send(redis, "pubsub", message("2", 2))
    listener.says("Trying again each second", LOST_AFTER + 4)  # that one is silent as well
    proxy.hold_until = lambda said: True
    listener.says("Reconnected to ")
    send(redis, "pubsub", message("3", 3))
    assert [line["body"] for line in listener.receives(2)] == ["1", "3"]
    assert [gap["missed"] for gap in listener.missed()] == [1]
    assert listener.stop()[0] == 0
    assert "Traceback" not in listener.text


class Halving(Proxy):
    """Forwards half of what Redis says of the message that is sent here."""

    has_halved = False

    def passes(self, pair: Pair, chunk: bytes, is_client: bool) -> bytes | None:
        if b"first half" not in chunk:
            return super().passes(pair, chunk, is_client)
        self.has_halved = True
        return chunk[: len(chunk) // 2]


def test_a_connection_that_ends_in_a_message_is_made_anew_once(start: Start, redis: Redis) -> None:
    """A second one that is dropped again would lose what it heard meanwhile."""
    proxy = Halving(REDIS_PORT)
    listener = start(Listener, "pubsub", REDIS_URL=proxy.url, LIVE="0")
    send(redis, "pubsub", message("the first half"))
    eventually(lambda: proxy.has_halved)
    proxy.cut()
    listener.says("Reconnected to ")
    assert len(proxy.pairs) == 2
    proxy.close()


@pytest.mark.heavy
def test_who_works_or_was_frozen_or_hears_much_does_not_hang_up(start: Start, redis: Redis) -> None:
    busy = start(Listener, "pubsub", LIVE="0")
    works = start(Listener, "pubsub", "--work", str(LOST_AFTER + 1), LIVE="0")
    frozen = start(Listener, "pubsub", LIVE="0")
    send(redis, "pubsub", message("0", 1))
    frozen.receives(1)
    frozen.gets(signal.SIGSTOP)
    over = threading.Event()
    for seq in range(2, int((LOST_AFTER + 1.5) / 0.01)):
        send(redis, "pubsub", message("x", seq))
        over.wait(0.01)
    frozen.gets(signal.SIGCONT)
    frozen.receives(seq)
    busy.receives(seq)
    works.receives(1)
    over.wait(PING_INTERVAL * 2)  # in which it could have hung up
    for listener in (busy, works, frozen):
        assert "Reconnected" not in listener.text
        assert not listener.missed()
        listener.kill()


def test_who_works_while_redis_dies_does_not_blame_its_slowness(
    own_server: RedisServer, start: Start, tmp_path: Path
) -> None:
    """It worked on the only message that it had read, while Redis died amid the next one."""
    works = start(Listener, "pubsub", "--work", "2", REDIS_URL=own_server.url, LIVE="0")
    with Redis.from_url(own_server.url) as own:
        send(own, "pubsub", message("1"))
        send(own, "pubsub", message("x" * LARGE, 2))
    own_server.kill()
    start(RedisServer, own_server.port, tmp_path)
    works.says("Reconnected to ")
    assert [line["body"] for line in works.messages()] == ["1"]
    assert " is away: " in works.text  # its connection was closed, or refused the next time
    assert "behind" not in works.text
