"""A Redis that is there and of no use, or not where REDIS_URL says: one sentence, and the end."""

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any

import pytest
from redis import Redis

from patterns import PATTERNS
from patterns.prodcons import QUEUE
from starting.ports import free_port
from tests.parts import Listener, RedisServer
from tests.places import each_pattern
from tests.processes import Process
from web import SENDS

Start = Callable[..., Any]


@pytest.mark.parametrize(
    ("name", "url", "sentence"),
    [
        *((name, "redis://:wrong@127.0.0.1:{port}/5", "do not fit") for name in PATTERNS),
        ("prodcons", "redis://no-such-host.invalid:6379/5", "no such host"),
        ("prodcons", "redis://127.0.0.1:{port}/99", "DB index is out of range"),
        ("prodcons", "http://127.0.0.1:{port}/5", "REDIS_URL begins with redis://"),
        ("prodcons", "redis://127.0.0.1:port/5", "REDIS_URL has a port that is not"),
        ("prodcons", "redis://127.0.0.1:{port}/abc", "REDIS_URL ends with the number of a dat"),
        ("prodcons", "REDIS://127.0.0.1:{port}/5", "REDIS_URL begins with redis://"),
        ("prodcons", "redis://127.0.0.1:{port}/5?db=7", "has an option «db»; of redis: none."),
        ("prodcons", "redis://127.0.0.1:{port}/5?decode_responses=true", "an option «decode_re"),
        ("prodcons", "rediss://127.0.0.1:{port}/5?bogus=1", "«bogus»; of rediss: ssl_cert_reqs"),
        ("prodcons", "unix:///tmp/none.sock?db=abc", "REDIS_URL has a db that is not a number."),
        ("prodcons", "redis://127.0.0.1:{port}/" + "9" * 5_000, "REDIS_URL ends with the number"),
    ],
)
def test_where_waiting_cannot_help_a_listener_ends_with_a_sentence(
    name: str, url: str, sentence: str, start: Start, server: RedisServer
) -> None:
    url = url.format(port=server.port)
    listener = start(Listener, name, waits_for="", REDIS_URL=url)
    assert sentence in listener.ended()
    assert listener.popen.returncode == 2
    assert listener.text.count("\n") == 1
    assert "wrong@" not in listener.text


def test_a_refusal_that_passes_is_waited_for(start: Start, redis: Redis) -> None:
    listener = start(Listener, "prodcons")
    redis.config_set("min-replicas-to-write", 1)
    try:
        # What is refused the next time it asks is waited for, and comes back by itself.
        listener.says("refuses: NOREPLICAS")
        listener.says("Trying again each second")
        with pytest.raises(TimeoutExpired):
            listener.popen.wait(2.5)  # in which it tries twice
    finally:
        redis.config_set("min-replicas-to-write", 0)
    SENDS["prodcons"](redis, [b"7"])
    assert listener.receives(1)[0]["body"] == "7"
    assert listener.text.count("\n") == 2 + 1, "the banner, one line for the trouble, one message"
    (client,) = [c for c in redis.client_list() if c["cmd"] == "blpop"]
    redis.client_unblock(int(client["id"]), error=True)
    SENDS["prodcons"](redis, [b"8"])
    assert listener.receives(2)[1]["body"] == "8"


def test_a_key_of_the_wrong_type_ends_a_queue_listener_with_a_sentence(
    start: Start, redis: Redis
) -> None:
    redis.set(QUEUE, "no list")
    listener = start(Listener, "prodcons", waits_for="")
    assert "refuses: WRONGTYPE" in listener.ended()
    assert listener.popen.returncode == 2


@pytest.mark.parametrize("url", ["redis://127.0.0.1:port/5", "http://127.0.0.1/"])
@pytest.mark.parametrize("command", [["web.py"], ["-m", "gunicorn"]])
def test_the_web_does_not_start_with_a_redis_url_that_is_none(
    url: str, command: list[str], start: Start
) -> None:
    web = start(
        Process, [sys.executable, *command], environ={"REDIS_URL": url, "PORT": str(free_port())}
    )
    assert "REDIS_URL " in web.ended()
    assert web.popen.returncode != 0
    assert "Traceback" not in web.text


@each_pattern
def test_a_unix_socket_is_as_good_as_a_port(name: str, start: Start, tmp_path: Path) -> None:
    port, path = free_port(), tmp_path / "redis.sock"
    server = RedisServer(port, tmp_path, "--unixsocket", str(path))
    try:
        listener = start(Listener, name, REDIS_URL=f"unix://{path}?db=5")
        with Redis(port=port, db=5) as redis:
            SENDS[name](redis, [b"7"])
        assert listener.receives(1)[0]["body"] == "7"
        assert f"{path}/5" in listener.text
    finally:
        server.kill()
