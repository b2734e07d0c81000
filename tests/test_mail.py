"""Mail goes over real SMTP to the users of the address book, once, and to nobody else."""

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from redis import Redis

from attack.secure import make_certificate
from jobs import mail, settings
from jobs.inbox import INBOX, KEPT, Mail, inbox, keep
from jobs.outcome import TaskError
from jobs.settings import Server
from starting.ports import free_port

LOGIN = ("ada", "secret")
Started = Callable[..., Server]


class Taking:
    """Takes each mail, and keeps its envelope."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def taking() -> Taking:
    return Taking()


@pytest.fixture
def smtp(taking: Taking) -> Iterator[Started]:
    """Starts an SMTP server in this process, and returns where it is."""
    controllers: list[Controller] = []

    def start(scheme: str = "smtp", login: tuple[str, str] | None = None, **options: Any) -> Server:
        options = {"server_hostname": "localhost", "port": free_port(), **options}
        controllers.append(Controller(taking, "127.0.0.1", **options))
        controllers[-1].start()
        return Server(scheme, "127.0.0.1", options["port"], login=login)

    yield start
    for one in controllers:
        one.stop()


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Options of a server with STARTTLS and a login, whose certificate this process trusts."""
    certificate, key = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def authenticate(*arguments: Any) -> AuthResult:
        given = arguments[-1]
        is_right = (given.login, given.password) == (b"ada", b"secret")
        return AuthResult(success=is_right, handled=is_right)

    return {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": authenticate,
    }


def test_a_notice_has_a_subject_text_and_html_and_goes_to_one(
    smtp: Started, taking: Taking
) -> None:
    mail.send_notice("grace", "Grüße 消息", "one <b>\ntwo & three", smtp())
    (taken,) = taking.taken
    assert taken.rcpt_tos == ["grace@example.org"]
    assert taken.mail_from == mail.SENDER
    content = mail.written("grace", "Grüße 消息", "one <b>\ntwo & three")
    assert content["Subject"] == "Queue or channel? Grüße 消息"
    assert content["To"] == "grace@example.org"
    assert content["Message-ID"]
    text, html = (content.get_body((kind,)) for kind in ("plain", "html"))
    assert text
    assert html
    assert "Hello Grace,\n\none <b>\ntwo & three\n" in text.get_content()
    assert "<p>one &lt;b&gt;</p>\n<p>two &amp; three</p>" in html.get_content()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\0\n"])
def test_a_subject_adds_no_header(end: str, smtp: Started, taking: Taking) -> None:
    server = smtp()
    with pytest.raises(TaskError, match="A subject is one line"):
        mail.send_notice("ada", f"Hello{end}Bcc: eve@example.com", "text", server)
    assert not taking.taken


def test_a_text_adds_no_header_and_no_command(smtp: Started, taking: Taking) -> None:
    attack = "\r\n.\r\nMAIL FROM:<eve@example.com>\r\nRCPT TO:<eve@example.com>\r\nDATA\r\n"
    mail.send_notice("ada", "Hello", f"Bcc: eve@example.com{attack}", smtp())
    (taken,) = taking.taken
    assert taken.rcpt_tos == ["ada@example.org"]
    assert isinstance(taken.content, bytes)
    assert b"Bcc" not in taken.content.split(b"\r\n\r\n")[0]


@pytest.mark.parametrize("user", ["eve", "eve@example.com", "", "ada@example.org", "Ada"])
def test_nobody_outside_the_book_is_written_to(user: str, smtp: Started, taking: Taking) -> None:
    with pytest.raises(TaskError, match="The address book has ada, grace, alan, edsger, and nobo"):
        mail.send_notice(user, "Hello", "text", smtp())
    assert not taking.taken


def test_starttls_and_login_are_used(smtp: Started, taking: Taking, tls: dict[str, Any]) -> None:
    server = smtp("smtp+starttls", LOGIN, **tls)
    mail.send_notice("ada", "Hello", "text", server)
    assert len(taking.taken) == 1
    for scheme, login, sentence in (
        ("smtp+starttls", ("ada", "wrong"), "does not accept the login in SMTP_URL."),
        ("smtp+starttls", None, "refuses the mail: 530"),
        ("smtp", None, "refuses the mail: 530"),
    ):
        place = Server(scheme, server.host, server.port, login=login)
        with pytest.raises(TaskError) as refused:
            mail.send_notice("ada", "Hello", "text", place)
        assert sentence in str(refused.value)
        assert "secret" not in str(refused.value)
    assert len(taking.taken) == 1


def test_a_password_is_told_to_nobody_in_the_middle(
    smtp: Started, tls: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = smtp("smtp+starttls", LOGIN, **tls)
    monkeypatch.delenv("SSL_CERT_FILE")  # nobody vouches for the certificate now
    with pytest.raises(TaskError, match=r"has no valid TLS: CERTIFICATE_VERIFY_FAILED\."):
        mail.send_notice("ada", "Hello", "text", server)
    with pytest.raises(TaskError, match="does not support what SMTP_URL asks for: STARTTLS"):
        mail.send_notice("ada", "Hello", "text", smtp("smtp+starttls", LOGIN))


def test_a_server_that_is_away_or_refuses_is_a_sentence(
    smtp: Started, taking: Taking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "WITHIN", 0.2)

    def said(server: Server) -> str:
        with pytest.raises(TaskError) as failed:
            mail.send_notice("ada", "Hello", "text", server)
        return str(failed.value)

    assert said(Server("smtp", "127.0.0.1", free_port())).endswith("is away: Connection refused.")
    assert "is away" in said(Server("smtp", "nowhere.invalid", 25))
    assert "no valid TLS" in said(Server("smtps", "127.0.0.1", smtp().port))
    assert "refuses the mail: 552" in said(smtp(data_size_limit=10))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert said(Server("smtp", "127.0.0.1", port)).endswith("does not answer.")
    assert not taking.taken


def test_the_url_says_where_mail_goes(
    smtp: Started, taking: Taking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SMTP", smtp())
    mail.send_notice("alan", "Hello", "text")
    assert taking.taken[0].rcpt_tos == ["alan@example.org"]


def test_the_inbox_keeps_the_last_and_skips_what_is_no_mail(redis: Redis) -> None:
    for number in range(KEPT + 5):
        keep(redis, Mail("ada", f"{number}", "text", "html", 1.0))
    assert [int(one.subject) for one in inbox(redis)] == list(range(KEPT + 4, 4, -1))
    assert redis.llen(INBOX) == KEPT
    good = {"to": "ada", "subject": "last", "text": "", "html": "", "at": 1}
    bad: list[bytes | str] = [
        b"\xff",
        b"7",
        b"[]",
        b"{",
        b"[" * 10_000,
        json.dumps(good | {"at": "x"}),
    ]
    bad += [json.dumps(good | {"at": float("nan")}), json.dumps(good | {"subject": "\ud800"})]
    redis.lpush(INBOX, *bad, json.dumps(good))
    assert inbox(redis)[0] == Mail("ada", "last", "", "", 1)
    assert len(inbox(redis)) == KEPT - len(bad)
