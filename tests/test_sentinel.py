"""Redis behind Sentinels: everything goes on with the primary that they promote."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis, exceptions

from lab.plain import connect_plainly
from messaging import connection
from messaging.connection import REFUSED, connect, explain, waiting_helps
from patterns import FIRST_TWO
from starting.ports import free_port
from starting.replication import Replication
from starting.sentinel import SERVICE
from tests.parts import Demo, Listener, RedisServer, Web
from tests.processes import eventually

Start = Callable[..., Any]
UseUrl = Callable[[str], None]


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Replication]:
    """A primary, a replica, and one Sentinel."""
    servers = Replication(tmp_path, sentinels=1)
    yield servers
    servers.close()


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> UseUrl:
    """Makes our clients in this process use a URL."""

    def use(url: str) -> None:
        monkeypatch.setattr(connection, "REDIS_URL", url)
        monkeypatch.setattr("lab.plain.REDIS_URL", url)

    return use


def test_web_and_listeners_go_on_with_the_new_primary(servers: Replication, start: Start) -> None:
    web = start(Web, REDIS_URL=servers.url, WEB_CONCURRENCY="1")
    listeners = [start(Listener, name, REDIS_URL=servers.url) for name in FIRST_TWO]
    for name, listener in zip(FIRST_TWO, listeners, strict=True):
        web.send(f"/{name}?body=before")
        assert listener.receives(1)[0]["body"] == "before"
        assert f" at {servers.url.partition('//')[2]}: " in listener.text
    servers.kill_primary()
    meanwhile = web.ask(f"/{FIRST_TWO[0]}?body=meanwhile", Accept="application/json")
    # On a busy machine the promotion may come before it. It is never unknown what became of it.
    assert (meanwhile.status, meanwhile.json()["outcome"]) in ((503, "not sent"), (200, "sent"))
    servers.wait_for_promotion()
    for name, listener in zip(FIRST_TWO, listeners, strict=True):
        listener.says("Reconnected to ")
        # A Sentinel may say for a while that the primary is down: then nothing is sent.
        eventually(lambda: web.ask(f"/{name}?body=after").status < 400)  # noqa: B023
        bodies = eventually(lambda listener=listener: until_after(listener))  # type: ignore[misc]
        assert [body for body in bodies if body != "meanwhile"] == ["before", "after"]
        assert not listener.missed()
    eventually(lambda: web.status()["redis"] == "up")
    eventually(lambda: all(web.figures(name)["there"] for name in FIRST_TWO))
    assert "Traceback" not in web.text + "".join(one.text for one in listeners)


def until_after(listener: Listener) -> list[str]:
    """What it received, once that ends with «after»; else nothing."""
    bodies = [line["body"] for line in listener.messages()]
    return bodies if bodies[-1] == "after" else []


def test_a_primary_that_became_a_replica_refuses_and_its_connection_is_dropped(
    servers: Replication, use: UseUrl
) -> None:
    """As a refusal: redis-py's own client would say that the connection was lost."""
    use(servers.url)
    with connect() as client, Redis.from_url(servers.primary.url) as primary:
        client.set("task:a", 1)
        before = client.client_id()
        assert client.client_id() == before, "a connection is kept as long as it works"
        primary.replicaof("127.0.0.1", str(servers.replica.port))
        with client.pipeline(transaction=False) as pipeline:
            for _ in range(3):
                pipeline.set("task:a", 2)
            errors = pipeline.execute(raise_on_error=False)
        assert [type(error) for error in errors] == [exceptions.ReadOnlyError] * 3
        assert isinstance(errors[0], REFUSED)
        assert waiting_helps(errors[0], was_ever_ready=False)
        assert client.client_id() != before


def test_a_sentinel_that_is_gone_is_not_needed(servers: Replication, use: UseUrl) -> None:
    use(servers.url.replace("://", f"://127.0.0.1:{free_port()},"))
    with connect() as client:
        for _ in range(2):
            assert client.set("task:a", 1)
            client.connection_pool.disconnect()
        asked = client.connection_pool.sentinel_manager.sentinels
        ports = [one.get_connection_kwargs()["port"] for one in asked]
    assert ports[0] == servers.sentinels[0].port, "who answered is asked first"
    assert len(set(ports)) == 2


def test_a_primary_that_is_down_is_waited_for(servers: Replication, use: UseUrl) -> None:
    use(servers.url)
    servers.kill_primary()
    servers.replica.kill()
    down = f"The Sentinels at 127.0.0.1:{servers.sentinels[0].port} say that {SERVICE} is down."
    with connect() as client:
        assert eventually(lambda: said(client) == down)


def said(client: Redis) -> str:
    """What is wrong, of which waiting helps."""
    with pytest.raises(exceptions.RedisError) as error:
        client.ping()
    assert waiting_helps(error.value, was_ever_ready=False)
    return explain(error.value)


def test_a_listener_waits_for_sentinels(start: Start) -> None:
    place = f"127.0.0.1:{free_port()}"
    url = f"redis+sentinel://{place}/{SERVICE}/5"
    listener = start(Listener, "prodcons", waits_for="Trying again", REDIS_URL=url)
    assert f"No Sentinel at {place} answers. Trying again each second" in listener.text
    assert listener.stop()[0] == 0


def test_a_name_that_no_sentinel_knows_ends_a_listener_with_a_sentence(
    servers: Replication, start: Start
) -> None:
    url = servers.url.replace(SERVICE, "other")
    ends(start, url, f":{servers.sentinels[0].port} know no primary named other.")


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("127.0.0.1:{port}/a/5", "A Sentinel at 127.0.0.1:{port} refuses: unknown command"),
        ("127.0.0.1:{port}/a/5?sentinel_password=no", "A Sentinel at 127.0.0.1:{port} refuses: "),
        ("no-such-host.invalid/a/5", "no such host"),
    ],
)
def test_what_is_no_sentinel_ends_a_listener_with_a_sentence(
    place: str, sentence: str, start: Start, server: RedisServer
) -> None:
    url = f"redis+sentinel://{place}".format(port=server.port)
    ends(start, url, sentence.format(port=server.port))


def ends(start: Start, url: str, sentence: str) -> None:
    listener = start(Listener, "prodcons", waits_for="", REDIS_URL=url)
    assert sentence in listener.ended()
    assert listener.popen.returncode == 2
    assert listener.text.count("\n") == 1


def test_the_plain_client_also_comes_through_sentinels(servers: Replication, use: UseUrl) -> None:
    use(servers.url)
    with connect_plainly() as plain, Redis.from_url(servers.primary.url) as primary:
        plain.set("task:a", "here")
        assert primary.get("task:a") == b"here"


def test_the_demo_uses_a_redis_behind_sentinels(
    servers: Replication, demo: Callable[..., Demo]
) -> None:
    one = demo(REDIS_URL=servers.url)
    one.says(f"Redis is at {servers.url.partition('//')[2]} already.")
    one.is_up()
    assert one.stop()[0] == 0


def test_the_demo_starts_no_sentinels(demo: Callable[..., Demo]) -> None:
    one = demo(REDIS_URL=f"redis+sentinel://127.0.0.1:{free_port()}/{SERVICE}/5")
    assert " answers." in one.ended()
    assert one.popen.returncode == 1
    assert "Traceback" not in one.text
