"""Where Celery hands tasks over: a broker that is away, RabbitMQ, TLS, and what cannot be used."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from jobs import notes
from jobs.broker import for_celery, why_not
from jobs.commands import RQ_WORKER, celery_worker
from jobs.work import State
from tests.at_work import ended
from tests.lacking import skipped_at_home
from tests.parts import SecureRedis
from tests.processes import ROOT, Process
from tests.rabbit import RabbitMQ

ASK = (
    "import sys, json; from messaging.connection import connect; from jobs.asking import ask;"
    "from jobs.ways import WAYS; redis = connect(); way = WAYS[sys.argv[1]];"
    "piece = ask(redis, way, *json.loads(sys.argv[2])); print(piece.work.id, way.waiting(redis))"
)


def ask_with(
    broker: str, *what: object, way: str = "celery", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Ask from a process of its own, which knows another broker."""
    return subprocess.run(
        [sys.executable, "-c", ASK, way, json.dumps(what)],
        cwd=ROOT,
        env=os.environ | {"CELERY_BROKER_URL": broker} | environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "url",
    [
        "amqp://user:secret@127.0.0.1:1//",
        pytest.param("redis://:secret@127.0.0.1:1", marks=pytest.mark.heavy),
    ],
)
def test_a_broker_that_is_away_is_said_within_two_seconds(redis: Redis, url: str) -> None:
    script = (
        "import time; from messaging.connection import connect; from jobs.asking import ask;"
        "from jobs.ways import WAYS; from jobs.ways.way import AwayError\n"
        "redis = connect(); way = WAYS['celery']\n"
        "for question in (lambda: ask(redis, way, 'wait', {}), lambda: way.waiting(redis)):\n"
        "    asked = time.monotonic()\n"
        "    try: question()\n"
        "    except AwayError as error: print(time.monotonic() - asked < 2, error)\n"
    )
    environ = os.environ | {"CELERY_BROKER_URL": url}
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    sentence = "True Celery's broker at 127.0.0.1:1 is away:"
    lines = said.stdout.splitlines()
    assert len(lines) == 2, said
    assert all(line.startswith(sentence) for line in lines), lines
    assert "secret" not in said.stdout
    piece = notes.latest(redis, "celery", 1)[0]
    assert piece.state is State.FAILURE
    assert piece.last.why.startswith(sentence.removeprefix("True "))


def test_where_a_library_cannot_be_used_it_says_why() -> None:
    assert not why_not("celery", "redis://localhost:6379/5", "")
    assert not why_not("celery", "redis://localhost:6379/5", "amqp://localhost//")
    assert not why_not("rq", "unix:///run/redis.sock", "")
    said = why_not("celery", "redis://localhost:6379/5", "ftp://localhost")
    assert said == "CELERY_BROKER_URL begins with redis://, rediss://, amqp://, amqps://."
    for library in ("rq", "celery"):
        assert "Sentinels" in why_not(library, "redis+sentinel://localhost/mymaster/5", "")


def test_celery_has_its_own_way_to_write_addresses() -> None:
    assert for_celery("redis://localhost:1/5") == "redis://localhost:1/5"
    assert for_celery("unix:///run/r.sock?db=5") == "redis+socket:///run/r.sock?virtual_host=5"
    assert for_celery("rediss://h:1/5") == "rediss://h:1/5?ssl_cert_reqs=required"
    assert for_celery("rediss://h:1/5?ssl_cert_reqs=none") == "rediss://h:1/5?ssl_cert_reqs=none"


@pytest.fixture
def rabbit(start: Callable[..., Any], tmp_path: Path) -> RabbitMQ:
    with skipped_at_home():
        node: RabbitMQ = start(RabbitMQ, tmp_path)
    return node


@pytest.mark.heavy
def test_the_broker_may_be_rabbitmq(
    redis: Redis, start: Callable[..., Any], rabbit: RabbitMQ
) -> None:
    redis.flushall()
    first = ask_with(rabbit.url, "wait", {"seconds": "0"})
    assert not first.returncode, first
    id_, waiting = first.stdout.split()
    assert waiting == "1"
    start(Process, celery_worker(), environ={"CELERY_BROKER_URL": rabbit.url})
    piece = notes.read(redis, [id_])[0]
    assert ended(redis, piece).state is State.SUCCESS
    later = ask_with(rabbit.url, "wait", {"seconds": "0"}, 2.0).stdout.split()[0]
    piece = ended(redis, notes.read(redis, [later])[0])
    assert piece.events[0].at >= piece.work.due
    assert [one.state for one in piece.events] == [State.STARTED, State.SUCCESS]


@pytest.mark.heavy
def test_both_libraries_work_over_tls(
    start: Callable[..., Any], secure_server: SecureRedis
) -> None:
    with Redis.from_url(secure_server.plain_url) as redis:
        # The libraries need more than the project's own rule allows.
        redis.execute_command(
            "ACL", "SETUSER", "queue-or-channel", "allkeys", "allchannels", "+@all"
        )
        for way, command in (("celery", celery_worker("solo")), ("rq", RQ_WORKER)):
            start(Process, command, environ={"REDIS_URL": secure_server.url})
            asked = ask_with("", "wait", {"seconds": "0"}, way=way, REDIS_URL=secure_server.url)
            assert not asked.returncode, asked
            piece = notes.read(redis, asked.stdout.split()[:1])[0]
            assert ended(redis, piece).state is State.SUCCESS
