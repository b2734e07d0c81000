"""A provider gets each text once, over HTTP, and what it answers decides."""

import socket
from collections.abc import Callable, Iterator

import pytest

from jobs import settings, sms
from jobs.outcome import TaskError
from jobs.settings import Server, read_sms
from starting.ports import free_port
from tests.serving import Provider, serving


@pytest.fixture
def provider() -> Iterator[Callable[[str], Server]]:
    """Returns the server that SMS_URL names for a path, with a login."""
    Provider.posted = []
    with serving(Provider) as port:
        yield lambda path: read_sms(f"http://ada:p%40ss@127.0.0.1:{port}{path}")


def test_a_text_goes_to_the_provider_as_json(
    provider: Callable[[str], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SMS", provider("/201?a=b"))
    sms.send("+491713920001", "Grüße")
    ((path, headers, body),) = Provider.posted
    assert path == "/201?a=b"
    assert body == {"to": "+491713920001", "text": "Grüße"}
    assert headers["Content-Type"] == "application/json"
    assert headers["Authorization"] == "Basic YWRhOnBAc3M="


@pytest.mark.parametrize("status", [300, 302, 307, 400, 404, 500])
def test_any_other_answer_is_a_failure_and_no_redirect_is_followed(
    status: int, provider: Callable[[str], Server]
) -> None:
    server = provider(f"/{status}")
    with pytest.raises(TaskError) as failed:
        sms.send_by_http(server, "+491713920001", "text")
    assert str(failed.value) == (
        f"The SMS provider at {server.place} refuses: it answers {status}."
    )
    assert len(Provider.posted) == 1


def test_a_provider_that_is_away_or_silent_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms, "WITHIN", 0.1)
    with pytest.raises(TaskError, match=r"is away: Connection refused\."):
        sms.send_by_http(read_sms(f"http://127.0.0.1:{free_port()}"), "+491713920001", "text")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = read_sms(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        with pytest.raises(TaskError, match=r"does not answer\."):
            sms.send_by_http(server, "+491713920001", "text")
