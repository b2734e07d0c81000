"""The attacks find what was lost, repeated or invented, who ended, and a traceback."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from attack.attacks import ATTACKS, Attack
from attack.effort import SHORT, Effort
from attack.links import AT_ONCE
from attack.restarts import empty
from attack.run import make, wrong
from attack.target import Counted, Target
from messaging.message import Message
from patterns.prodcons import QUEUE
from patterns.pubsub import CHANNEL
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
