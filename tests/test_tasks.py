"""What each task does."""

import threading
import time

import pytest
from redis import Redis

from jobs import settings
from jobs.arguments import done
from jobs.outcome import TaskError
from jobs.settings import read_allowed, read_sms, read_smtp
from tests.documents import DOCUMENTS
from tests.parts import RedisServer
from tests.processes import ROOT


def test_waiting_takes_no_work_and_computing_takes_nothing_else() -> None:
    began, worked = time.monotonic(), time.thread_time()
    assert done("wait", {"seconds": 0.2}) == "Waited 0.2 s."
    assert time.monotonic() - began >= 0.2
    assert time.thread_time() - worked < 0.1
    worked = time.thread_time()
    assert done("compute", {"rounds": 20}) == done("compute", {"rounds": 20})
    assert time.thread_time() - worked > 0.05


def test_failing_says_why() -> None:
    with pytest.raises(TaskError, match=r"^no reason\.$"):
        done("fail", {"reason": "no reason."})


def test_the_code_goes_to_the_terminal_and_is_no_outcome(
    redis: Redis, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SMS", None)
    outcome = done("sms_code", {"phone": "+491713920001"})
    said = capfd.readouterr()
    assert outcome == "Sent a code to +491713920001."
    assert said.out == ""
    sms, code = said.err.split(" is ")[0], said.err.split(" is ")[1][:6]
    assert sms == "SMS to +491713920001: Your code"
    assert code.isdigit()
    assert code not in str(outcome)


def test_a_lost_redis_is_a_failed_outcome(
    own_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_server.kill()
    monkeypatch.setattr("messaging.connection.REDIS_URL", own_server.url)
    with pytest.raises(TaskError, match=r"Redis at .* is away: connection refused"):
        done("sms_code", {})


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://a", "SMTP_URL begins with smtp://, smtp+starttls://, smtps://."),
        ("smtp://", "SMTP_URL names no host."),
        ("smtp://a:0", "SMTP_URL has a port that is not a number from 1 to 65,535."),
        ("smtp://a:99999", "SMTP_URL has a port that is not a number from 1 to 65,535."),
        ("smtp://a/b", "SMTP_URL ends after the port."),
        ("smtp://u@a", "SMTP_URL has a user without a password, or a #."),
        ("smtp://u:p@mail.example", "SMTP_URL has a password, which needs smtp+starttls://"),
        ("smtp://ä", "SMTP_URL has a character that is written as % and two digits."),
    ],
)
def test_a_bad_setting_is_refused_with_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL") as refused:
        read_smtp(url)
    assert sentence in str(refused.value)


def test_settings_are_read_as_they_are_meant() -> None:
    mail = read_smtp("smtp+starttls://ada:p%40ss@mail.example")
    assert (mail.scheme, mail.place, mail.login) == (
        "smtp+starttls",
        "mail.example:587",
        ("ada", "p@ss"),
    )
    assert "p@ss" not in repr(mail)
    assert read_smtp("smtps://mail.example").port == 465
    assert read_smtp("smtp://[::1]:25").place == "[::1]:25"
    assert read_sms("https://sms.example/v1?a=b").path == "/v1?a=b"
    assert read_allowed("Wiki, [::1]:80,a:8 ,") == {("wiki", None), ("::1", 80), ("a", 8)}
    for bad in ("http://a", "a/b", "a:0", "u@a", "[::1"):
        with pytest.raises(ValueError, match="FETCH_ALLOW"):
            read_allowed(bad)


def test_every_setting_of_the_tasks_is_told() -> None:
    source = (ROOT / "jobs" / "settings.py").read_text()
    for name in ("SMTP_URL", "SMS_URL", "FETCH_ALLOW"):
        assert f'environ.get("{name}")' in source
        assert f"`{name}`" in DOCUMENTS["docs/settings.md"]


def test_threads_compute_beside_each_other() -> None:
    """A task keeps no state, so that any number of them may run in one process."""
    outcomes: list[object] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(done("compute", {"rounds": 2})))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 4
    assert len(set(map(str, outcomes))) == 1
