"""How a listener ends: what is in hand is finished, what cannot be is said."""

import json
import re
import signal
import sys
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from tests.messages import message, send
from tests.parts import Listener
from tests.places import KEEPING, each_pattern, kept, untaken
from tests.processes import PROMPTLY, Process, eventually

Start = Callable[..., Any]


@each_pattern
def test_work_takes_its_time_and_is_finished_before_the_end(
    name: str, start: Start, redis: Redis
) -> None:
    listener = start(Listener, name, "--work", "0.6")
    send(redis, name, message("in hand"))
    eventually(lambda: not untaken(redis, name))
    code, seconds = listener.stop()
    assert code == 0
    assert seconds < PROMPTLY + 0.6
    assert [line["body"] for line in listener.messages()] == ["in hand"]


@pytest.mark.parametrize("name", KEEPING)
def test_a_listener_of_what_is_kept_leaves_the_rest_there(
    name: str, start: Start, redis: Redis
) -> None:
    send(redis, name, *(message(str(n), n) for n in range(1, 1_001)))
    listener = start(Listener, name, "--work", "0.01")
    listener.receives(20)
    assert listener.stop()[0] == 0
    assert len(listener.messages()) + len(kept(redis, name)) == 1_000


def test_a_subscriber_says_what_it_leaves_behind(start: Start, redis: Redis) -> None:
    listener = start(Listener, "pubsub", "--work", "0.01")
    send(redis, "pubsub", *(message(str(n), n) for n in range(1, 1_001)))
    listener.receives(20)
    code, seconds = listener.stop()
    assert code == 0
    assert seconds < PROMPTLY + 0.01
    left = re.search(r"left behind ([\d,]+)\.", listener.text)
    assert left, listener.text
    assert len(listener.messages()) + int(left[1].replace(",", "")) == 1_000


def test_a_subscriber_counts_what_it_leaves_behind_after_long_work(
    start: Start, redis: Redis
) -> None:
    listener = start(Listener, "pubsub", "--work", "2")
    send(redis, "pubsub", *(message(str(n), n) for n in range(1, 101)))
    code, seconds = listener.stop()
    assert code == 0
    assert seconds < PROMPTLY + 2
    assert "Received 1," in listener.text
    assert "left behind 99." in listener.text


@each_pattern
def test_a_second_ctrl_c_ends_it_at_once(name: str, start: Start, redis: Redis) -> None:
    listener = start(Listener, name, "--work", "60")
    send(redis, name, message("long"))
    eventually(lambda: not untaken(redis, name))
    listener.gets(signal.SIGINT)
    with pytest.raises(Exception, match="timed out"):
        listener.popen.wait(1.2)
    code, seconds = listener.stop(signal.SIGINT)
    assert code == 130
    assert seconds < PROMPTLY


@each_pattern
def test_an_output_that_is_closed_ends_it_with_a_sentence(
    name: str, start: Start, redis: Redis
) -> None:
    listener = start(
        Process, ["sh", "-c", f"{sys.executable} listeners/{name}.py --json | head -n 1"]
    )
    listener.says("Listening")
    sent = 0
    while "Cannot write what was received: Broken pipe." not in listener.text:
        sent += 1
        send(redis, name, message("x", sent))
        eventually(lambda: not untaken(redis, name) or listener.popen.poll() is not None)
        assert listener.popen.poll() is None or "Cannot write" in listener.ended()
    assert "Traceback" not in listener.ended()
    assert len([json.loads(line) for line in listener.out]) == 1


@each_pattern
def test_an_output_that_is_closed_under_load_ends_it_as_well(
    name: str, start: Start, redis: Redis
) -> None:
    listener = start(Process, ["sh", "-c", f"{sys.executable} listeners/{name}.py | head -n 1"])
    listener.says("Listening")
    while "Cannot write what was received" not in listener.text:
        send(redis, name, *(message("x", n) for n in range(1, 201)))
        assert listener.popen.poll() is None or "Cannot write" in listener.ended()
    assert "Traceback" not in listener.ended()


def test_a_subscriber_that_cannot_count_all_it_leaves_behind_says_so(
    start: Start, redis: Redis
) -> None:
    listener = start(Listener, "pubsub", "--work", "0.05")
    lines = [b"x" * 40] * 50_000
    for _ in range(6):
        send(redis, "pubsub", *lines)
    code, seconds = listener.stop()
    assert code == 0
    assert seconds < PROMPTLY + 0.05
    left = re.search(r"left behind (more than )?([\d,]+)\.", listener.text)
    assert left, listener.text
    counted = len(listener.messages()) + int(left[2].replace(",", ""))
    assert counted < 300_000 if left[1] else counted == 300_000
