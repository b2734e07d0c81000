"""The user of README.md may do all that is needed, and nothing more."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from redis import Redis

from attack.secure import LOGIN, RULE
from lab.plan import NOT_CUT
from lab.server import lab_client
from messaging.connection import connect
from patterns.pubsub import CHANNEL
from patterns.reliable import taken_by
from tests.acting import COMMAND, Playing
from tests.documents import DOCUMENTS, blocks
from tests.parts import Demo, RedisServer, SecureRedis, Web
from tests.places import keys
from tests.stage import Stage
from tests.uses import Start, lab, use_all, watch

ALLOWED = set(re.findall(r" \+([a-z|]+)", RULE))


@pytest.fixture
def own(own_server: RedisServer) -> Iterator[Redis]:
    """A client that may do everything, of a Redis that has the user."""
    with Redis.from_url(own_server.url) as redis:
        redis.execute_command(*RULE.split())
        yield redis


def url_of(server: RedisServer) -> str:
    return server.url.replace("//", f"//{LOGIN}@")


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
        before = sorted(keys(own))
        for options in (["--scenario", "nobody"], ["--scenario", "late", "--through-web"]):
            told = lab(start, tmp_path / "results", secure_server.url, "--quick", *options)
            assert told.popen.returncode == 0, told.text
            assert "could not be measured" not in told.text
        assert sorted(keys(own)) == before
        only_what_is_needed(own)


def test_the_page_of_a_demo_can_ask_for_all_but_a_cut(
    own: Redis, own_server: RedisServer, start: Start, demo: Callable[..., Demo]
) -> None:
    play = Playing(start, demo([sys.executable, *COMMAND], REDIS_URL=url_of(own_server)))
    own.config_resetstat()
    play.done("freeze", "prodcons-1")
    play.done("go_on", "prodcons-1")
    play.done("lose_send", "prodcons")
    assert play.web.ask("/prodcons", Accept="application/json").status == 504
    assert own.acl_log() == []
    pid = play.own("pubsub-1").pid
    for verb in ("cut", "keep_out"):
        assert "no permission" in play.refused(409, verb, "pubsub-1")
    assert {str(one["object"]).partition("|")[0] for one in own.acl_log()} == {"client"}
    assert play.own("pubsub-1").pid == pid
    assert not play.own("pubsub-1").is_kept_out


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
