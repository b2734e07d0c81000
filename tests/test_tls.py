"""A Redis that is reached over TLS: one thread reads and writes there, so nothing gets mixed up."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from patterns.machinery.subscription import PING_INTERVAL
from patterns.pubsub import CHANNEL
from starting.ports import free_port
from tests.messages import message, send
from tests.parts import Listener, RedisServer
from tests.processes import eventually

Start = Callable[..., Any]


@pytest.fixture
def secure(start: Start, tmp_path: Path) -> Redis:
    """A client of a Redis that takes TLS alone; skips, saying so, where there can be none."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    certificate, key, port = tmp_path / "cert.pem", tmp_path / "key.pem", free_port()
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    files = ["-days", "1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *files], check=True, capture_output=True)
    options = ["--tls-port", str(port), "--tls-cert-file", str(certificate)]
    options += ["--tls-key-file", str(key), "--tls-ca-cert-file", str(certificate)]
    try:
        start(RedisServer, free_port(), tmp_path, *options, "--tls-auth-clients", "no")
    except Exception as error:
        if "tls" in (tmp_path / "redis.log").read_text().lower():
            pytest.skip("this redis-server was built without TLS")
        raise error from None
    return Redis.from_url(
        f"rediss://127.0.0.1:{port}/5?ssl_cert_reqs=none&ssl_check_hostname=false"
    )


def url_of(secure: Redis) -> str:
    port = secure.get_connection_kwargs()["port"]
    return f"rediss://127.0.0.1:{port}/5?ssl_cert_reqs=none&ssl_check_hostname=false"


def test_a_subscriber_over_tls_hears_all_is_pinged_and_says_what_it_leaves_behind(
    start: Start, secure: Redis
) -> None:
    listener = start(Listener, "pubsub", "--work", "0.01", LIVE="0", REDIS_URL=url_of(secure))
    secure.config_resetstat()
    eventually(lambda: secure.info("commandstats").get("cmdstat_ping"), 5 * PING_INTERVAL)
    send(secure, "pubsub", *(message(str(n), n) for n in range(1, 1_001)))
    listener.receives(20)
    assert listener.stop()[0] == 0
    left = int(listener.text.split("left behind ")[1].split(".")[0].replace(",", ""))
    assert len(listener.messages()) + left == 1_000
    assert "Reconnected" not in listener.text
    assert secure.pubsub_numsub(CHANNEL)[0][1] == 0
