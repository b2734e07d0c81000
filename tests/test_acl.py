"""The user of README.md may do all that is needed, and nothing more."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from redis import Redis

from attack.secure import LOGIN, RULE
from lab.plan import NOT_CUT
from lab.server import lab_client
from messaging.connection import connect
from messaging.reporting.reporter import RECORDS
from patterns import PATTERNS
from patterns.pubsub import CHANNEL
from patterns.reliable import taken_by
from patterns.stream import STREAM
from tests.documents import DOCUMENTS, blocks
from tests.parts import Listener, RedisServer, SecureRedis, Web
from tests.processes import Process, eventually, stop_all
from tests.stage import Stage

Start = Callable[..., Any]
ALLOWED = set(re.findall(r" \+([a-z|]+)", RULE))


@pytest.fixture
def own(own_server: RedisServer) -> Iterator[Redis]:
    """A client that may do everything, of a Redis that has the user."""
    with Redis.from_url(own_server.url) as redis:
        redis.execute_command(*RULE.split())
        yield redis


def url_of(server: RedisServer) -> str:
    return server.url.replace("//", f"//{LOGIN}@")


def use_all(start: Start, one_of_each: Start, own: Redis, url: str, web: Web) -> None:
    """Start a listener of each pattern as this user, and let all happen that can.

    `own` uses no command of the rule, so that whatever is used of it is used by the project.
    """
    listeners = one_of_each(REDIS_URL=url)
    oldest = start(Listener, "prodcons", "--oldest-first", REDIS_URL=url)
    for name, listener in listeners.items():
        web.send(f"/{name}?count=3")
        if name != "prodcons":
            listener.receives(3)
    oldest.stop()
    for name in ("reliable", "stream"):
        take_over(start, own, url, web, listeners[name], name)
        web.send(f"/{name}?count=5")
    assert web.ask("/reset?what=queue", "POST").status == 303
    assert web.status()["refused"] == ""
    own.rename(RECORDS, "away")
    own.hincrby(RECORDS, "other", 1)
    eventually(lambda: own.hlen(RECORDS) > len(PATTERNS))  # the web stores its records again
    stop_all(listeners["prodcons"], listeners["pubsub"], listeners["fanout"])


def take_over(start: Start, own: Redis, url: str, web: Web, first: Listener, name: str) -> None:
    """Have a message taken over from a listener that has renewed its lease."""
    killed = start(Listener, name, "--work", "60", REDIS_URL=url)
    first.stop()
    web.send(f"/{name}?body=taken-over")
    eventually(lambda: web.figures(name)["waiting"] == 0)
    if name == "stream":
        taken = pending(own)
        eventually(lambda: pending(own) > taken)
    other = start(Listener, name, REDIS_URL=url)
    killed.kill()
    assert [line["body"] for line in other.receives(1)] == ["taken-over"]
    other.stop()


def pending(own: Redis) -> int:
    """When the lease of the one message that a listener of the stream has was renewed, in ms."""
    (group,) = own.xinfo_stream(STREAM, full=True)["groups"]
    ((_, _, renewed, _),) = group["pending"]
    return int(renewed)


def watch(stage: Stage) -> None:
    """See on the live page how each pattern's listener receives what is sent there."""
    for left, right in (("prodcons", "pubsub"), ("reliable", "stream"), ("fanout", "pubsub")):
        listeners = [stage.listen(name, f"on-{left}") for name in (left, right)]
        tab = stage.open(f"/?left={left}&right={right}")
        for name in (left, right):
            tab.shows(name, there="1")
            before = int(tab.figure(name, "received").replace(",", ""))
            tab.page.click(f"#{name} .one")
            tab.shows(name, received=str(before + 1))
        eventually(lambda tab=tab: sum(one["to"] != "" for one in tab.flights()) == 2)  # type: ignore[misc]
        stop_all(*listeners)
        tab.context.close()
        assert not tab.errors


def lab(start: Start, folder: Path, url: str, *options: str) -> Process:
    """Let the lab run to its end on a Redis that is not its own."""
    command = [sys.executable, "-m", "lab.compare", "--redis", url, "--i-know"]
    process: Process = start(Process, [*command, *options, "--results", str(folder)])
    process.ended(120)
    assert "Traceback" not in process.text
    return process


def only_what_is_needed(own: Redis) -> None:
    """Nothing was denied, and each command that the rule allows was used."""
    assert own.acl_log() == []
    used = {name.removeprefix("cmdstat_") for name in own.info("commandstats")}
    names_parts = any("|" in name for name in used)  # since Redis 7
    allowed = ALLOWED if names_parts else {name.partition("|")[0] for name in ALLOWED}
    assert used >= allowed, allowed - used


def test_the_readme_has_the_rule() -> None:
    assert blocks("acl") == [f"{RULE}\n"]
    assert RULE in DOCUMENTS["README.md"]


def test_the_rule_is_enough_and_nothing_in_it_is_too_much(
    own: Redis, own_server: RedisServer, start: Start, one_of_each: Start
) -> None:
    url = url_of(own_server)
    web = start(Web, REDIS_URL=url, WEB_CONCURRENCY="1")
    own.config_resetstat()
    use_all(start, one_of_each, own, url, web)
    only_what_is_needed(own)


@pytest.mark.heavy
def test_so_it_is_over_tls_with_the_page_and_the_lab(
    secure_server: SecureRedis,
    start: Start,
    one_of_each: Start,
    browser: Browser,
    tmp_path: Path,
) -> None:
    stage = Stage(start, secure_server, browser, WEB_CONCURRENCY="1")
    with Redis.from_url(secure_server.plain_url) as own:
        own.config_resetstat()
        watch(stage)
        use_all(start, one_of_each, own, secure_server.url, stage.web)
        before = sorted(own.keys())
        for options in (["--scenario", "nobody"], ["--scenario", "late", "--through-web"]):
            told = lab(start, tmp_path / "results", secure_server.url, "--quick", *options)
            assert told.popen.returncode == 0, told.text
            assert "could not be measured" not in told.text
        assert sorted(own.keys()) == before
        only_what_is_needed(own)


def test_the_lab_leaves_out_what_this_user_may_not(
    own: Redis, own_server: RedisServer, start: Start, tmp_path: Path
) -> None:
    told = lab(start, tmp_path, url_of(own_server), "--scenario", "cut")
    assert told.popen.returncode == 2
    assert told.stderr.lines() == [
        NOT_CUT,
        "Nothing is to be run: no such scenario makes sense there.",
    ]


def test_no_client_tells_redis_about_itself(
    own: Redis, own_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer Redis would note that as denied (CLIENT SETINFO), and an older one as unknown."""
    own.config_resetstat()
    monkeypatch.setattr("messaging.connection.REDIS_URL", url_of(own_server))
    for client in (connect(), lab_client(url_of(own_server))):
        with client:
            client.ping()
    assert own.info("errorstats") == {}


def test_other_keys_and_channels_are_not_for_it(own: Redis, own_server: RedisServer) -> None:
    user = Redis.from_url(url_of(own_server))
    for command in (
        ("GET", "other"),
        ("PUBLISH", "other", "x"),
        ("CONFIG", "GET", "dir"),
        ("FLUSHALL",),
        ("KEYS", "*"),
        ("SCAN", "0"),
        ("CLIENT", "LIST"),
    ):
        with pytest.raises(Exception, match=r"no permission|NOPERM|permissions"):
            user.execute_command(*command)  # type: ignore[no-untyped-call]
    user.publish(CHANNEL, "x")
    user.llen(taken_by("x"))
