"""What a listener shows of messages, to a person and to a program."""

import re
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from tests.messages import message, send
from tests.parts import Listener, Web
from tests.places import KEEPING, each_pattern
from tests.processes import Process, eventually

Start = Callable[..., Any]


@each_pattern
def test_json_has_one_line_a_message(name: str, start: Start, web: Web) -> None:
    listener = start(Listener, name, "--name", "ears")
    before = time.time()
    sent = web.send(f"/{name}?body=%E6%B6%88%0A")
    (line,) = listener.receives(1)
    assert before <= line.pop("sent") <= line.pop("received") <= time.time()
    assert line == {
        "id": f"{sent['from']}-{sent['first']}",
        "from": sent["from"],
        "seq": sent["first"],
        "body": "消\n",
        "listener": "ears",
        "pattern": name,
    }


@each_pattern
def test_strange_lines_are_shown_and_counted(name: str, start: Start, redis: Redis) -> None:
    listener = start(Listener, name)
    for count, line in enumerate((b"7", b"\xff\xfe", b"\x1b[31mred\xe2\x80\xae"), 1):
        send(redis, name, line)
        eventually(lambda count=count: len(listener.lines()) == count)  # type: ignore[misc]
    seven, malformed, red = listener.lines()
    assert (seven["id"], seven["from"], seven["seq"], seven["sent"]) == (None,) * 4
    assert seven["body"] == "7"
    assert malformed["malformed"] == r"\xff\xfe"
    assert red["body"] == "\x1b[31mred\u202e"
    listener.stop()
    assert "Received 2, malformed 1" in listener.text


@each_pattern
def test_a_person_sees_one_aligned_line_a_message(name: str, start: Start, redis: Redis) -> None:
    listener = start(Process, [sys.executable, f"listeners/{name}.py", "--name", "ears"])
    listener.says("Listening to ")
    for line in (message("one"), message("\x1b[31mtwo", 2), b"three", b"\xff", message("一", 3)):
        count = len(listener.out)
        send(redis, name, line)
        eventually(lambda count=count: len(listener.out) > count)  # type: ignore[misc]
    clock, delay = r"\d\d:\d\d:\d\d\.\d{3}  ears            ", r" *\d+\.\d ms  "
    patterns = [
        f"{clock}{delay}one\n",
        clock + delay + r"\\x1b\[31mtwo\n",
        f"{clock}             three\n",
        clock + r"             malformed: not UTF-8: \\xff\n",
        f"{clock}{delay}一\n",
    ]
    for pattern, shown in zip(patterns, listener.out[1:], strict=True):
        assert re.fullmatch(pattern, shown)
    bodies = ("one", "\\x1b", "three", "malformed", "一")
    assert {row.index(body) for row, body in zip(listener.out[1:], bodies, strict=True)} == {43}


@each_pattern
def test_more_than_a_person_can_read_is_summed_up(name: str, start: Start, redis: Redis) -> None:
    listener = start(Process, [sys.executable, f"listeners/{name}.py"])
    listener.says("Listening to ")
    lines = [message(f"body-{n}", n) for n in range(1, 5_001)]
    send(redis, name, *lines[:2_500])
    send(redis, name, *lines[2_500:])
    listener.says(" messages, latest body-")
    listener.stop()
    rows = listener.out[1:-1]
    sums = [
        int(n.replace(",", ""))
        for n in re.findall(r"  ([\d,]+) messages, latest body-", listener.text)
    ]
    assert sums
    assert len(rows) < 150
    if name not in KEEPING:  # all were sent before the stop, so all were heard
        assert sum(sums) + len(rows) - len(sums) == 5_000
        assert "Received 5,000, malformed 0, missed 0, delay median" in listener.text


def test_a_subscriber_tells_what_it_missed(start: Start, redis: Redis) -> None:
    programs = start(Listener, "pubsub")
    people = start(Process, [sys.executable, "listeners/pubsub.py"])
    people.says("Listening")
    for seq in (40, 44, 45, 47):
        send(redis, "pubsub", message("x", seq))
    programs.receives(4)
    assert programs.missed() == [
        {"missed": 3, "from": "web-12", "first": 41, "last": 43},
        {"missed": 1, "from": "web-12", "first": 46, "last": 46},
    ]
    people.says("missed 3 (41–43 from web-12)")
    people.says("missed 1 (46 from web-12)")
    programs.stop()
    assert "missed 4" in programs.text


@pytest.mark.parametrize("name", KEEPING)
def test_a_listener_of_what_is_kept_never_says_missed(
    name: str, start: Start, redis: Redis
) -> None:
    listener = start(Listener, name)
    for seq in (1, 5):
        send(redis, name, message("x", seq))
    listener.receives(2)
    listener.stop()
    assert "missed" not in listener.text
