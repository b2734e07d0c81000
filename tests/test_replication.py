"""A primary and its replica: a link that goes silent, a primary that dies, a replica promoted."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.sentinel import Sentinel

from starting.replication import Replication, waits
from starting.sentinel import SERVICE
from tests.processes import eventually

LONG, SHORT = 5_000, 100  # milliseconds
Start = Callable[..., Replication]


@pytest.fixture
def replicate(tmp_path: Path) -> Iterator[Start]:
    """Starts a primary and a replica, which are gone after the test."""
    started: list[Replication] = []

    def start(*options: str, sentinels: int = 0) -> Replication:
        started.append(Replication(tmp_path, *options, sentinels=sentinels))
        return started[-1]

    yield start
    for one in started:
        one.close()


def keys(url: str) -> set[bytes]:
    with Redis.from_url(url) as redis:
        return set(redis.keys())


def test_what_is_written_while_the_link_is_silent_is_lost_with_the_primary(
    replicate: Start,
) -> None:
    servers = replicate()
    with Redis.from_url(servers.primary.url) as primary:
        primary.set("before", 1)
        assert waits(primary, LONG) == 1
        servers.silence_link()
        assert primary.set("meanwhile", 1), "it is acknowledged all the same"
        assert waits(primary, SHORT) == 0
    assert servers.is_linked(), "nobody notices that the link is silent"
    servers.kill_primary()
    servers.promote()
    assert keys(servers.replica.url) == {b"before"}


def test_a_link_that_is_restored_brings_what_was_held_back(replicate: Start) -> None:
    servers = replicate()
    with Redis.from_url(servers.primary.url) as primary:
        servers.silence_link()
        primary.set("meanwhile", 1)
        assert not servers.is_caught_up()
        servers.restore_link()
        assert keys(servers.replica.url) == {b"meanwhile"}
        assert waits(primary, LONG) == 1


def test_promoted_by_hand_the_replica_is_behind_the_same_address(replicate: Start) -> None:
    servers = replicate()
    with Redis.from_url(servers.url) as client:
        primary_id = client.info("server")["run_id"]
        client.set("before", 1)
        assert waits(client, LONG) == 1
        servers.kill_primary()
        promoted = servers.promote()
        assert client.info("server")["run_id"] != primary_id
        assert client.set("after", 1), "it is no replica any more"
    assert keys(servers.url) == {b"before", b"after"}
    assert servers.killed
    assert servers.killed <= promoted == servers.promoted


@pytest.mark.parametrize("count", [1, pytest.param(3, marks=pytest.mark.heavy)])
def test_sentinels_promote_the_replica_by_themselves(count: int, replicate: Start) -> None:
    servers = replicate(sentinels=count)
    assert servers.url.count("127.0.0.1:") == len(servers.sentinels) == count
    assert {one.primary_port() for one in servers.sentinels} == {servers.primary.port}
    servers.silence_link()
    servers.kill_primary()
    promoted = servers.wait_for_promotion()
    places = [("127.0.0.1", one.port) for one in servers.sentinels]
    sentinel = Sentinel(places)  # type: ignore[no-untyped-call]
    assert sentinel.discover_master(SERVICE) == ("127.0.0.1", servers.replica.port)  # type: ignore[no-untyped-call]
    sentinel.close()
    assert servers.killed
    assert promoted - servers.killed > 0


def test_who_waits_for_a_promotion_that_does_not_come_is_told(replicate: Start) -> None:
    servers = replicate(sentinels=1)
    with pytest.raises(TimeoutError):
        servers.wait_for_promotion(within=0.1)
    assert servers.promoted is None


def test_all_that_was_started_ends(replicate: Start) -> None:
    servers = replicate(sentinels=1)
    everyone = [servers.primary, servers.replica, *servers.sentinels]
    servers.close()
    eventually(lambda: all(one.has_ended() for one in everyone))
