"""The attacks find what was lost, repeated or invented, who ended, and a traceback."""

import json
import resource
import signal
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from attack import run
from attack.attacks import ATTACKS, Attack
from attack.effort import SHORT, Effort
from attack.links import AT_ONCE, Links
from attack.requests import HOSTILE, wrong_answers
from attack.restarts import empty
from attack.run import make, wrong
from attack.target import Counted, Target
from messaging.message import Message
from patterns.prodcons import QUEUE
from patterns.pubsub import CHANNEL
from starting.parts import RedisServer
from starting.process import NotStartedError
from tests.processes import ROOT, eventually


@pytest.fixture
def target() -> Iterator[Target]:
    with Target() as target:
        yield target


def test_what_is_lost_repeated_or_invented_is_found(target: Target) -> None:
    target.links.click_each()
    assert not any(one.wrong() for one in target.counted().values())
    (listener,) = target.listeners["prodcons"]
    listener.gets(signal.SIGSTOP)
    target.links.click("prodcons", 4)
    # A listener that was blocked in BLPOP has one already.
    lost, deleted, twice = target.redis.lpop(QUEUE, 3)
    assert lost
    target.redis.lpush(QUEUE, twice, twice, Message("x", "web-1-forged", 1, 1.0).encode())
    target.deleted["prodcons"].add(str(Message.decode(deleted).id))
    listener.gets(signal.SIGCONT)
    eventually(lambda: target.count("prodcons").twice)
    counted = target.count("prodcons")
    assert counted.wrong() == "1 lost, 1 twice, 1 invented"
    assert counted.told == 1


def test_what_a_subscriber_says_it_missed_and_what_nobody_heard_is_told(target: Target) -> None:
    target.links.click_each()
    (listener,) = target.listeners["pubsub"]
    listener.gets(signal.SIGSTOP)
    target.redis.client_kill_filter(_type="pubsub", skipme=True)
    target.links.click("pubsub", 3)
    listener.gets(signal.SIGCONT)
    eventually(lambda: "Reconnected" in listener.text)
    assert target.counted()["pubsub"].told == 3
    assert not any(one.wrong() for one in target.counted().values())


def test_what_one_pattern_tells_hides_no_loss_of_another(target: Target) -> None:
    """Each sender numbers the messages of each pattern from 1, so ids are equal in all of them."""
    for name in ("pubsub", "prodcons"):
        (listener,) = target.listeners[name]
        listener.gets(signal.SIGKILL)
        listener.popen.wait()
    eventually(lambda: target.redis.pubsub_numsub(CHANNEL) == [(CHANNEL.encode(), 0)])
    for name in ("pubsub", "prodcons", "reliable", "stream"):
        target.links.click(name, 20)
    empty(target)
    target.links.click("prodcons", 20)
    target.redis.delete(QUEUE)
    counted = target.count("prodcons")
    assert (counted.told, counted.wrong()) == (20, "20 lost")


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


def test_a_traceback_is_found() -> None:
    def crash(target: Target, effort: Effort) -> str:
        program = [sys.executable, "-c", "raise SystemError('planted')"]
        said = subprocess.run(program, capture_output=True, cwd=ROOT, check=False).stderr
        (listener,) = target.listeners["pubsub"]
        listener.stderr.file.write(said)
        listener.stderr.file.flush()
        return ""

    result = make(Attack("a planted traceback", "it is found", crash), SHORT)
    assert "SystemError: planted" in result.came


@pytest.mark.heavy  # waits until it is sure that nothing goes on
def test_who_ends_is_found_and_what_goes_on_no_more() -> None:
    def end(target: Target, effort: Effort) -> str:
        (listener,) = target.listeners["stream"]
        listener.gets(signal.SIGKILL)
        listener.popen.wait()
        return ""

    result = make(Attack("a planted end", "it is found", end), SHORT)
    assert result.came.startswith("nothing goes on by stream; stream: ")
    assert result.came.endswith(" lost; stream ended")
    assert result.counts["lost"] > 0


def test_every_attack_says_what_is_tried_and_what_is_to_come() -> None:
    assert len({one.tried for one in ATTACKS}) == len(ATTACKS)
    assert all(one.tried and one.to_come for one in ATTACKS)


@pytest.mark.heavy
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.tried)
def test_nothing_comes_that_is_not_to_come(attack: Attack) -> None:
    assert make(attack, SHORT).came == ""


def test_a_cut_excuses_the_messages_of_a_click_and_no_more() -> None:
    one = Counted(9, 0, 0, 0, received=8, told=0, lost=AT_ONCE, twice=AT_ONCE, invented=0)
    assert wrong("prodcons", one, cuts=1) == f"prodcons: {AT_ONCE} twice"
    assert wrong("reliable", one, cuts=1) == f"reliable: {AT_ONCE} lost"
    more = replace(one, lost=AT_ONCE + 1, twice=0)
    assert wrong("pubsub", more, cuts=1) == f"pubsub: {AT_ONCE + 1} lost"
    assert wrong("stream", replace(one, lost=0), cuts=0) == f"stream: {AT_ONCE} twice"
