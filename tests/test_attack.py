"""The attacks find what was lost, repeated or invented, who ended, and a traceback."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from attack.attacks import ATTACKS, Attack
from attack.run import make
from attack.target import Target
from messaging.message import Message
from patterns.prodcons import QUEUE
from tests.processes import ROOT, eventually


@pytest.fixture
def target() -> Iterator[Target]:
    with Target() as target:
        yield target


def test_what_is_lost_repeated_or_invented_is_found(target: Target) -> None:
    assert target.balance() == ""
    listener = target.listeners["prodcons"]
    listener.gets(signal.SIGSTOP)
    target.send(3, ["prodcons"])
    # A listener that was blocked in BLPOP has one already.
    lost = target.redis.lpop(QUEUE)
    twice = target.redis.lindex(QUEUE, 0)
    assert lost
    assert twice
    target.redis.lpush(QUEUE, twice, Message("x", "web-1-forged", 1, 1.0).encode())
    listener.gets(signal.SIGCONT)
    assert target.balance() == "prodcons: 1 lost, prodcons: 1 twice, prodcons: 1 invented"


def test_a_traceback_is_found() -> None:
    def crash(target: Target) -> str:
        program = [sys.executable, "-c", "raise SystemError('planted')"]
        said = subprocess.run(program, capture_output=True, cwd=ROOT, check=False).stderr
        file = target.listeners["pubsub"].stderr.file
        file.write(said)
        file.flush()
        return ""

    assert make(Attack("a planted traceback", "it is found", crash)) == "pubsub: a traceback"


def test_every_attack_says_what_is_tried_and_what_is_to_come() -> None:
    assert len({one.tried for one in ATTACKS}) == len(ATTACKS)
    assert all(one.tried and one.to_come for one in ATTACKS)


def test_who_ends_is_found(target: Target) -> None:
    target.listeners["stream"].kill()
    eventually(target.listeners["stream"].has_ended)
    (forged,) = [one for one in ATTACKS if "Write names" in one.tried]
    assert forged.run(target) == "stream ended"


@pytest.mark.heavy
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.tried)
def test_nothing_comes_that_is_not_to_come(attack: Attack) -> None:
    assert make(attack) == ""
