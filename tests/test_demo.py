"""The demo starts everything, and leaves nothing behind."""

import json
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from redis import Redis

from jobs.ways import WAYS
from starting.ports import free_port, is_open
from tests.parts import Demo, RedisServer
from tests.processes import Process, eventually, marked

Start = Callable[..., Any]


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.heavy),
        pytest.param(signal.SIGHUP, marks=pytest.mark.heavy),
    ],
)
def test_the_demo_shows_both_patterns_and_leaves_nothing_behind(
    number: signal.Signals, demo: Callable[..., Demo]
) -> None:
    one = demo(["./scripts/demo"])
    one.is_up(within=120)  # its first start installs what it needs
    # The demo, gunicorn and two workers, four listeners; Redis hides its environment.
    eventually(lambda: len(marked(one.mark)) == 8)
    one.click("prodcons?body=to-one")
    one.click("pubsub?body=to-all")
    eventually(lambda: one.text.count("ms  to-all") == 2)
    eventually(lambda: one.text.count("ms  to-one") == 1)
    for name in ("prodcons-1", "prodcons-2", "pubsub-1", "pubsub-2"):
        assert re.search(rf"^[\d:.]+  {name}  +Listening to", one.text, re.MULTILINE)
    code, seconds = one.stop(number)
    assert code == 0
    assert seconds < 8
    assert marked(one.mark) == []
    assert not is_open(one.port)
    assert not is_open(one.redis_port)
    assert "Traceback" not in one.text
    assert "is away" not in one.text, "Redis stopped before those who need it"


@pytest.mark.heavy
def test_the_demo_of_jobs_has_work_done_in_each_way(demo: Callable[..., Demo]) -> None:
    one = demo(["./scripts/demo", "jobs"], SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    one.says(f"Open http://127.0.0.1:{one.port}/jobs?left=inline&right=celery and click.", 180)
    one.says("Catching mail on")
    for way in WAYS:
        (piece,) = ask(one, f"/jobs/{way}/notice", b"subject=by-" + way.encode())["pieces"]
        eventually(lambda at=piece["url"]: ask(one, at)["state"] == "SUCCESS")  # type: ignore[misc]
    mails = [one.text.count(f"mail to ada@example.org: Queue or channel? by-{way}") for way in WAYS]
    assert mails == [1] * len(WAYS)  # one for each click, however many could send it
    code, _ = one.stop()
    assert code == 0
    assert marked(one.mark) == []
    assert not is_open(one.redis_port)
    assert "Traceback" not in one.text


def ask(one: Demo, path: str, form: bytes | None = None) -> dict[str, Any]:
    """What the web of a demo says, as JSON."""
    asked = Request(f"http://127.0.0.1:{one.port}{path}", form, {"Accept": "application/json"})
    with urlopen(asked) as answer:  # noqa: S310
        told: dict[str, Any] = json.load(answer)
        return told


def test_a_listener_that_is_killed_is_one_line_and_the_rest_goes_on(
    demo: Callable[..., Demo], tmp_path: Path
) -> None:
    one = demo()
    one.is_up()
    with Redis(port=one.redis_port) as redis:
        clients = int(redis.pubsub_numsub("task:pubsub:channel")[0][1])
        assert clients == 2
    victim = next(
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if b"pubsub-2" in _cmdline(process)
        and one.mark.encode() in (process / "environ").read_bytes()
    )
    os.kill(victim, signal.SIGKILL)
    one.says("pubsub-2 ended: killed by SIGKILL. The rest goes on.")
    one.click("pubsub?body=still")
    one.says("ms  still")
    assert one.stop()[0] == 0


def _cmdline(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def test_even_a_killed_demo_leaves_nothing_behind(demo: Callable[..., Demo]) -> None:
    one = demo()
    one.is_up()
    one.gets(signal.SIGKILL)
    eventually(lambda: not marked(one.mark) and not is_open(one.redis_port))


def test_a_demo_whose_reader_is_gone_ends(start: Start) -> None:
    mark, port = f"mark-{uuid4().hex}", free_port()
    url = f"redis://localhost:{free_port()}/5"
    start(
        Process,
        ["sh", "-c", f"{sys.executable} -m starting.demo 2>/dev/null | head -n 1"],
        environ={"MARK": mark, "PORT": str(port), "REDIS_URL": url},
    ).says("demo")
    eventually(lambda: not marked(mark))


def test_a_redis_that_is_there_is_used_and_left_alone(
    demo: Callable[..., Demo], server: RedisServer
) -> None:
    one = demo(REDIS_URL=server.url)
    one.says(f"Redis is at 127.0.0.1:{server.port}/5 already.")
    one.is_up()
    assert not any("redis-server" in command for command in marked(one.mark))
    assert one.stop()[0] == 0
    assert is_open(server.port)


def test_a_demo_without_a_web_invites_nobody_to_open_it(demo: Callable[..., Demo]) -> None:
    one = demo([sys.executable, "-m", "starting.demo", "redis"])
    one.says("Ctrl-C here stops everything.")
    assert "Open" not in one.text
    assert one.stop()[0] == 0


def test_a_demo_starts_a_redis_when_that_of_another_one_has_left(
    demo: Callable[..., Demo],
) -> None:
    first = demo()
    first.is_up()
    second = demo(REDIS_URL=first.environ["REDIS_URL"])
    second.is_up()
    second.says("Redis is at localhost:")
    first.stop(signal.SIGINT)
    second.says("Redis started at localhost:")
    eventually(lambda: second.text.count("Reconnected to") == 4)
    second.click("prodcons")
    second.stop(signal.SIGINT)
