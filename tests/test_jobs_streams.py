"""The streams of the pages on work: what they tell, and when they end."""

import signal
import sys
from collections.abc import Callable
from typing import Any

from redis import Redis

from starting.process import wait_until
from tests.asked import JSON, asked, post, streamed
from tests.parts import RedisServer, Web
from tests.processes import DEADLINE, Process

Start = Callable[..., Any]
WORKER = [sys.executable, "jobs/worker.py"]


def test_the_stream_tells_what_becomes_of_a_piece(web: Web, redis: Redis, start: Start) -> None:
    (piece,) = asked(web, "/jobs/list/wait", seconds=0.05)
    paths = ("/jobs/events?left=pool&right=list", f"{piece['url']}/events")
    with streamed(web, paths[0]) as columns, streamed(web, paths[1]) as alone:
        first, single = next(columns), next(alone)
        assert first["why"] == ""
        assert "1 waiting" in first["parts"]["right-say"]
        assert "Please wait" in single["parts"]["piece"]
        start(Process, WORKER)
        assert any("1 done" in one["parts"]["right-say"] for one in columns)
        assert any("Done</h1>" in one["parts"]["piece"] for one in alone)
        web.ask(piece["url"], "DELETE")
        assert any("Nothing asked" in one["parts"]["right-say"] for one in columns)
        assert any("Forgotten</h1>" in one["parts"]["piece"] for one in alone)


def test_redis_goes_and_comes_back(
    own_web: Web, own_server: RedisServer, start: Start, tmp_path: Any
) -> None:
    with streamed(own_web, "/jobs/events") as stream:
        assert next(stream)["why"] == ""
        own_server.kill()
        assert any("is away" in one["why"] for one in stream)
        page = own_web.ask("/jobs")
        assert page.status == 200
        assert "is away" in page.text
        assert post(own_web, "/jobs/list/wait").status == own_web.ask("/jobs/x").status == 503
        start(RedisServer, own_server.port, tmp_path)
        assert any(not one["why"] and one["parts"] for one in stream)
    assert wait_until(lambda: own_web.ask("/jobs/x").status == 404, DEADLINE)
    assert "Traceback" not in own_web.text


def test_streams_are_limited_and_end_with_the_web(start: Start, own_server: RedisServer) -> None:
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1", VIEWER_LIMIT="1")
    with streamed(web, "/jobs/events") as stream:
        assert next(stream)["parts"]
        full = web.ask("/jobs/events", Accept=JSON)
        assert full.status == web.ask("/events").status == 503
        assert "1 are watching" in full.json()["error"]
        web.gets(signal.SIGTERM)
        for _ in stream:
            pass
    web.ended()
    assert web.popen.returncode == 0
    assert "Traceback" not in web.text


def test_without_live_the_page_does_without_a_stream(start: Start, server: RedisServer) -> None:
    web = start(Web, LIVE="0")
    assert web.ask("/jobs/events").status == 404
    assert "<script" not in web.ask("/jobs").text
    assert post(web, "/jobs/inline/wait", "seconds=0").status == 200
