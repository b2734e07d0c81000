"""A Redis that is reached over TLS: one thread reads and writes there, so nothing gets mixed up."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from attack.secure import NO_OPENSSL, NO_TLS
from patterns.machinery.subscription import LOST_AFTER, PING_INTERVAL
from patterns.pubsub import CHANNEL
from starting import parts
from starting.process import NotStartedError
from tests.messages import message, send
from tests.parts import Listener, SecureRedis
from tests.processes import eventually
from tests.proxy import Proxy

Start = Callable[..., Any]


@pytest.fixture
def secure(secure_server: SecureRedis) -> Iterator[Redis]:
    """A client of that Redis that may do everything."""
    with Redis.from_url(secure_server.plain_url) as redis:
        yield redis


@pytest.fixture
def proxy(secure_server: SecureRedis) -> Iterator[Proxy]:
    """A proxy before it, which forwards what it cannot read."""
    proxy = Proxy(secure_server.tls_port)
    yield proxy
    proxy.close()


def test_a_subscriber_over_tls_hears_all_is_pinged_and_says_what_it_leaves_behind(
    start: Start, secure_server: SecureRedis, secure: Redis
) -> None:
    listener = start(Listener, "pubsub", "--work", "0.01", LIVE="0", REDIS_URL=secure_server.url)
    secure.config_resetstat()
    eventually(lambda: secure.info("commandstats").get("cmdstat_ping"), 5 * PING_INTERVAL)
    send(secure, "pubsub", *(message(str(n), n) for n in range(1, 1_001)))
    listener.receives(20)
    assert listener.stop()[0] == 0
    left = int(listener.text.split("left behind ")[1].split(".")[0].replace(",", ""))
    assert len(listener.messages()) + left == 1_000
    assert "Reconnected" not in listener.text
    assert secure.pubsub_numsub(CHANNEL)[0][1] == 0


@pytest.mark.parametrize(
    ("pattern", "missed"),
    [pytest.param("pubsub", [1], marks=pytest.mark.heavy), ("prodcons", [])],
)
def test_a_line_over_tls_that_goes_silent_is_noticed_and_made_anew(
    pattern: str,
    missed: list[int],
    start: Start,
    secure_server: SecureRedis,
    secure: Redis,
    proxy: Proxy,
) -> None:
    """What the queue's listener was sent on the silent line is lost, and it cannot know."""
    listener = start(Listener, pattern, REDIS_URL=secure_server.url_at(proxy.port), LIVE="0")
    send(secure, pattern, message("1"))
    listener.receives(1)
    proxy.hold_until = lambda said: False
    send(secure, pattern, message("2", 2))
    listener.says("Trying again each second", LOST_AFTER + 4)  # that one is silent as well
    proxy.hold_until = lambda said: True
    listener.says("Reconnected to ")
    send(secure, pattern, message("3", 3))
    assert [line["body"] for line in listener.receives(2)] == ["1", "3"]
    assert [gap["missed"] for gap in listener.missed()] == missed
    assert listener.stop()[0] == 0
    is_unharmed(listener)


@pytest.mark.heavy
def test_a_line_over_tls_that_is_not_read_for_long_is_not_hung_up(
    start: Start, secure_server: SecureRedis, secure: Redis
) -> None:
    """Who hung it up from another thread would let the reader see what is encrypted."""
    work = str(LOST_AFTER + 0.5)
    listener = start(Listener, "pubsub", "--work", work, REDIS_URL=secure_server.url, LIVE="0")
    for seq in (1, 2, 3):
        send(secure, "pubsub", message(str(seq), seq))
    eventually(lambda: len(listener.messages()) == 2 or "away" in listener.text)
    is_unharmed(listener)
    assert [line["body"] for line in listener.messages()] == ["1", "2"]
    assert "Reconnected" not in listener.text
    assert not listener.missed()


def is_unharmed(listener: Listener) -> None:
    assert "protocol error" not in listener.text.lower()
    assert "Traceback" not in listener.text


def test_what_it_lacks_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = tmp_path / "redis-server"  # speaks as one that was built without TLS
    server.write_text("""#!/bin/sh\necho ">>> 'tls-port \\"1\\"'"; exit 1""")
    server.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setattr(parts, "find_server", lambda: str(server))
        assert said(tmp_path) == NO_TLS
    monkeypatch.setattr(shutil, "which", lambda program: None)
    assert said(tmp_path) == NO_OPENSSL


def said(folder: Path) -> str:
    """Why it does not start."""
    with pytest.raises(NotStartedError) as error:
        SecureRedis(folder)
    return str(error.value)
