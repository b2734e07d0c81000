"""What the attacks make of answers: refused, wrong, none; and of an attack that raises."""

import json
import resource
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from attack import run
from attack.attacks import Attack
from attack.effort import Effort
from attack.links import Links
from attack.requests import HOSTILE, wrong_answers
from attack.target import Target
from starting.parts import RedisServer
from starting.process import NotStartedError


def test_only_a_503_is_refused_and_no_other_answer_is_overlooked() -> None:
    links = Links("")
    assert links.record("prodcons", 503, b'{"error": "Too many ask at once."}') == "refused"
    assert links.record("prodcons", 503, b"<h1>Busy</h1>") == "refused"
    assert (links.refused["prodcons"], links.wrong()) == (2, "")
    assert links.record("prodcons", 500, b"<h1>Internal Server Error</h1>", 3) == "wrong"
    assert links.record("prodcons", 200, b"<h1>Welcome</h1>") == "wrong"
    assert links.unanswered["prodcons"] == 4
    assert links.wrong() == "1 answers with status 500, 1 answers with status 200, but no JSON"


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", ""),
        (b"HTTP/1.1 500 Internal Server Error\r\n\r\n", "500"),
        (b"", "no answer"),
    ],
)
def test_a_hostile_request_may_be_refused_but_not_fail(answer: bytes, wrong: str) -> None:
    with answering(answer) as port:
        found = wrong_answers(port)
    assert found.count(wrong) == len(HOSTILE) if wrong else not found


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """A server that gives the same answer to whatever comes, but none to what is no line."""

    class Answer(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if b"\n" in self.rfile.read():
                self.wfile.write(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def test_an_attack_that_raises_loses_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(target: Target, effort: Effort) -> str:
        raise KeyError("planted")

    def start_none(folder: Path) -> RedisServer:
        raise NotStartedError("No Redis was planted.")

    plants = [
        Attack("a planted error", "it is told", fail),
        Attack("no Redis", "it is told", fail, start_redis=start_none),
    ]
    monkeypatch.setattr(run, "ATTACKS", plants)
    monkeypatch.setattr(run, "allow_open_files", lambda: None)
    kept = tmp_path / "kept.json"
    monkeypatch.setattr("sys.argv", ["attack", "--short", "--json", str(kept)])
    assert run.main() == 1
    error, no_redis = json.loads(kept.read_text())["results"]
    assert error["came"] == "It could not be made: KeyError: 'planted'"
    assert error["counts"]["sent"] > error["counts"]["lost"] == 0
    assert no_redis["came"] == "It could not be made: NotStartedError: No Redis was planted."
    assert (
        resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        == resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    )
