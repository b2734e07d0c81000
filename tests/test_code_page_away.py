"""The form /jobs/code while somebody is away: the provider, every worker, or Redis."""

from collections.abc import Callable
from typing import Any

from redis import Redis

from jobs.commands import LIST_WORKER
from jobs.ways import WAYS
from tests.code_form import PHONE, post
from tests.parts import Web
from tests.processes import Process, eventually


def test_a_provider_that_is_away_is_one_line_of_the_worker(
    start: Callable[..., Any], own_server: Any
) -> None:
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    environ = {"REDIS_URL": own_server.url, "SMS_URL": "http://127.0.0.1:1/"}
    worker = start(Process, LIST_WORKER, environ)
    with Redis.from_url(own_server.url) as own:
        eventually(lambda: WAYS["list"].workers(own))
    assert post(web, phone=PHONE).status == 202
    worker.says("failed: The SMS provider at 127.0.0.1:1 is away: Connection refused.")
    assert "Traceback" not in worker.text


def test_without_a_worker_nobody_is_asked(start: Callable[..., Any], own_server: Any) -> None:
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    answer = post(web, phone=PHONE)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "No worker is there: start one" in answer.json()["error"]


def test_redis_away_is_a_page(start: Callable[..., Any], own_server: Any) -> None:
    web = start(Web, REDIS_URL=own_server.url, WEB_CONCURRENCY="1")
    own_server.kill()
    for answer in (post(web, phone=PHONE), post(web, "/check", phone=PHONE, code="123456")):
        assert answer.status == 503
        assert "is away" in answer.json()["error"]
