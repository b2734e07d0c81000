"""A demo that was played with leaves nothing behind, and a web without one offers nothing."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from starting.ports import free_port, is_open
from tests.acting import COMMAND, Asked, Playing
from tests.parts import Demo, RedisServer, Web
from tests.processes import PROMPTLY, eventually, marked

Start = Callable[..., Any]
StartDemo = Callable[..., Demo]
STARTED = [sys.executable, *COMMAND]


def play_rough(play: Playing) -> None:
    """Leave listeners frozen, kept out, behind a dead line, and about to be poisoned."""
    play.done("freeze", "prodcons-1")
    play.done("freeze", "reliable-2")
    play.done("line_dead", "pubsub-1")
    play.done("poison", "pubsub")
    play.done("lose_send", "prodcons")
    play.done("start", "stream")
    play.done("keep_out", "pubsub-2")


def test_ctrl_c_ends_also_what_is_frozen_and_leaves_no_key(
    demo: StartDemo, start: Start, server: RedisServer, redis: Redis
) -> None:
    one = demo(STARTED, REDIS_URL=server.url)  # which stays, so that its keys can be looked at
    play = Playing(start, one)
    play_rough(play)
    assert redis.keys("task:control:*")
    code, seconds = one.stop(signal.SIGINT)
    assert code == 0
    assert seconds < 8
    assert marked(one.mark) == []
    assert redis.keys("task:control:*") == []
    assert "Traceback" not in one.text


def test_a_killed_demo_leaves_nothing_behind_that_is_frozen(demo: StartDemo, start: Start) -> None:
    one = demo(STARTED)
    play_rough(Playing(start, one))
    one.gets(signal.SIGKILL)
    eventually(lambda: not marked(one.mark) and not is_open(one.redis_port))


def test_a_redis_of_another_is_not_restarted(
    demo: StartDemo, start: Start, server: RedisServer
) -> None:
    play = Playing(start, demo(STARTED, REDIS_URL=server.url))
    assert play.stage().redis_pid == 0
    assert "not of this demo" in play.refused(409, "restart_redis")
    assert play.redis.info("server")["process_id"] == server.popen.pid


def test_while_redis_is_away_a_click_says_that_nothing_was_sent(
    demo: StartDemo, start: Start
) -> None:
    play = Playing(start, demo(STARTED))
    play.calm()
    os.kill(play.stage().redis_pid, signal.SIGKILL)
    play.says("redis ended: killed by SIGKILL")
    told = play.web.ask("/prodcons", Accept="application/json")
    assert (told.status, told.json()["outcome"]) == (503, "not sent")
    assert f"Redis at localhost:{play.demo.redis_port}/5 is away" in told.json()["error"]
    play.says("Redis started at localhost")
    # The line lets the web through as soon as it has reached Redis.
    eventually(lambda: play.web.ask("/prodcons?body=again").status < 400)
    play.says("ms  again")


def test_two_demos_on_one_redis_do_only_what_their_own_pages_ask(
    demo: StartDemo, start: Start
) -> None:
    first = Playing(start, demo(STARTED))
    second = Playing(start, demo(STARTED, REDIS_URL=first.demo.environ["REDIS_URL"]))
    assert first.stage().listeners.keys() == second.stage().listeners.keys()
    before = second.everyone()
    for _ in range(5):
        first.done("freeze", "prodcons-1")
        first.done("go_on", "prodcons-1")
    first.done("kill", "prodcons-1")
    assert {name: one.pid for name, one in second.everyone().items()} == {
        name: one.pid for name, one in before.items()
    }
    assert "prodcons-1" not in first.stage().listeners
    foreign = {"secret": first.secret(), "target": "prodcons-2"}
    assert second.web.post("kill", foreign).status == 403


def test_over_a_socket_there_are_no_lines(start: Start, demo: StartDemo, tmp_path: Path) -> None:
    path = tmp_path / "redis.sock"
    start(RedisServer, free_port(), tmp_path, "--unixsocket", str(path))
    one = demo(STARTED, REDIS_URL=f"unix://{path}?db=5")
    play = Playing(start, one)
    assert not play.stage().has_lines
    for verb in ("cut", "keep_out", "line_dead", "lose_pop", "lose_ack"):
        assert "begins with redis://" in play.refused(409, verb, "reliable-1")
    for verb in ("lose_send", "poison"):
        assert "begins with redis://" in play.refused(409, verb, "prodcons")
    play.done("stage", "prodcons", listeners=3, ms=10)
    play.done("freeze", "prodcons-3")


def test_a_web_that_no_demo_has_started_offers_nothing(web: Web) -> None:
    assert "data-control" not in web.ask("/").text
    assert web.status()["stage"] is None
    answer = Asked(web.port).post("freeze", {"secret": "", "target": "prodcons-1"})
    assert answer.status == 404
    assert "No demo has started this web" in answer.json()["error"]


@pytest.mark.parametrize(("controls", "status"), [("", 404), ("1", 503)])
def test_where_other_machines_reach_it_it_offers_nothing_unless_told(
    controls: str, status: int, start: Start, own_server: RedisServer
) -> None:
    told = {"HOST": "0.0.0.0", "CONTROL_SECRET": "known", "CONTROLS": controls}
    web = start(Web, REDIS_URL=own_server.url, **told)
    assert ("data-control" in web.ask("/").text) == bool(controls)
    began = time.monotonic()
    answer = Asked(web.port).post("freeze", {"secret": "known", "target": "prodcons-1"})
    assert time.monotonic() - began < PROMPTLY  # without a demo there is nobody to wait for
    assert answer.status == status
    words = "does not answer" if controls else "unless CONTROLS=1"
    assert words in answer.json()["error"]


def test_without_redis_the_answer_is_a_sentence(start: Start, own_server: RedisServer) -> None:
    web = start(Web, REDIS_URL=own_server.url, CONTROL_SECRET="known")
    own_server.kill()
    answer = Asked(web.port).post("freeze", {"secret": "known", "target": "prodcons-1"})
    assert answer.status == 503
    assert "is away" in answer.json()["error"]


@pytest.mark.heavy
def test_it_does_not_wait_for_a_demo_that_hangs_and_others_are_served(
    demo: StartDemo, start: Start
) -> None:
    play = Playing(start, demo(STARTED, WEB_CONCURRENCY="1"))
    os.kill(play.demo.popen.pid, signal.SIGSTOP)
    began = time.monotonic()
    answer = play.act("freeze", "prodcons-1")
    assert answer.status == 503
    assert time.monotonic() - began < 20
    os.kill(play.demo.popen.pid, signal.SIGCONT)
    eventually(lambda: play.stage().listeners)
    assert not play.own("prodcons-1").is_frozen  # it was too old by then
