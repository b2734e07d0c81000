"""The lab's plain client, which has redis-py's defaults wherever Redis is."""

from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis
from redis.connection import SSLConnection, UnixDomainSocketConnection

from lab.plain import connect_plainly

Start = Callable[..., Any]


def test_the_plain_client_has_the_address_and_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.plain.REDIS_URL", "redis://:secret@example.org:6390/7")
    with connect_plainly() as plain, Redis() as default:
        has, usual = (one.connection_pool.connection_kwargs for one in (plain, default))
    address = {name: has[name] for name in ("host", "port", "db", "password")}
    assert address == {"host": "example.org", "port": 6390, "db": 7, "password": "secret"}
    assert all(has[name] == usual[name] for name in ("retry", "socket_timeout", "protocol"))


@pytest.mark.parametrize(
    ("url", "kind", "place"),
    [
        ("rediss://example.org/7?ssl_ca_certs=ca.pem", SSLConnection, ("host", "example.org")),
        ("unix:///run/redis.sock?db=7", UnixDomainSocketConnection, ("path", "/run/redis.sock")),
    ],
)
def test_the_plain_client_also_comes_over_tls_or_a_socket(
    url: str, kind: type, place: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.plain.REDIS_URL", url)
    with connect_plainly() as plain:
        pool = plain.connection_pool
        assert pool.connection_class is kind
        assert pool.connection_kwargs.items() >= {("db", 7), place}
