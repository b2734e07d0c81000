"""The local catcher keeps each mail in Redis, says so, and ends in peace."""

import smtplib
import socket
import sys
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from jobs import mail
from jobs.inbox import inbox
from jobs.outcome import TaskError
from jobs.settings import Server
from starting.ports import free_port
from tests.parts import RedisServer
from tests.processes import Process

Start = Callable[..., Any]


class Catcher(Process):
    """The catcher, at a port of its own."""

    def __init__(self, port: int = 0, **environ: str) -> None:
        self.server = Server("smtp", "127.0.0.1", port or free_port())
        url = {"SMTP_URL": f"smtp://{self.server.place}", **environ}
        super().__init__([sys.executable, "-m", "jobs.catcher"], url)


def test_each_notice_is_caught_once_and_told(start: Start, redis: Redis) -> None:
    catcher = start(Catcher)
    catcher.says(f"Catching mail on {catcher.server.place}")
    for user in ("ada", "grace"):
        mail.send_notice(user, "Grüße 消息", "one\ntwo <b>", catcher.server)
    assert [one.to for one in inbox(redis)] == ["grace@example.org", "ada@example.org"]
    last = inbox(redis)[0]
    assert last.subject == "Queue or channel? Grüße 消息"
    assert "Hello Grace,\n\none\ntwo <b>\n" in last.text
    assert "two &lt;b&gt;" in last.html
    catcher.says("mail to grace@example.org: Queue or channel? Grüße 消息")
    hostile = (
        b"Subject: =?utf-8?q?a=1B[2J=0Ab?=\r\nContent-Type: text/plain; charset=none\r\n\r\n\xff"
    )
    with smtplib.SMTP(catcher.server.host, catcher.server.port, "localhost") as client:
        client.sendmail("a@example.org", ["ada@example.org"], hostile)
    assert inbox(redis)[0].html == ""
    assert catcher.stop()[0] == 0
    assert "Traceback" not in catcher.text
    assert "\x1b" not in catcher.text
    assert len(catcher.out) == 4


def test_a_mail_that_redis_does_not_keep_is_not_acknowledged(
    start: Start, own_server: RedisServer
) -> None:
    catcher = start(Catcher, REDIS_URL=own_server.url)
    catcher.says("Catching")
    own_server.kill()
    with socket.create_connection((catcher.server.host, catcher.server.port)) as idle:
        assert idle.recv(100).startswith(b"220 localhost ")
        with pytest.raises(TaskError, match="refuses the mail: 451 Redis at"):
            mail.send_notice("ada", "Hello", "text", catcher.server)
        assert catcher.stop()[0] == 0  # although somebody is connected
    assert "Traceback" not in catcher.text


def test_what_keeps_it_from_starting_is_a_sentence(start: Start) -> None:
    first = start(Catcher)
    first.says("Catching")
    away = f"redis://127.0.0.1:{free_port()}/5"
    for second, code, sentence in (
        (start(Catcher, first.server.port), 1, "Nobody can listen on"),
        (start(Catcher, REDIS_URL=away), 1, "is away: connection refused."),
        (start(Catcher, SMTP_URL="smtps://mail.example"), 2, "this catches only mail to smtp://"),
        (start(Catcher, SMTP_URL="smtp://u:p@mail.example"), 2, "SMTP_URL has a password"),
    ):
        said = second.ended()
        assert second.popen.returncode == code
        assert sentence in said
        assert len(said.splitlines()) == 1, said
