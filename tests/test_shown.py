"""What a listener shows of messages, to a person and to a program."""

import re
import sys
import time
from collections.abc import Callable
from typing import Any

from redis import Redis

from patterns import PATTERNS
from tests.messages import message, send
from tests.parts import Listener, Web
from tests.processes import Process, eventually, stop_all

Start = Callable[..., Any]
OneOfEach = Callable[..., dict[str, Listener]]


def people(start: Start, *options: str) -> dict[str, Process]:
    """A listener of each pattern, as a person starts it."""
    listeners = {
        name: start(Process, [sys.executable, f"listeners/{name}.py", *options])
        for name in PATTERNS
    }
    for listener in listeners.values():
        listener.says("Listening to ")
    return listeners


def test_json_has_one_line_a_message(one_of_each: OneOfEach, web: Web) -> None:
    for name, listener in one_of_each("--name", "ears").items():
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


def test_strange_lines_are_shown_and_counted(one_of_each: OneOfEach, redis: Redis) -> None:
    listeners = one_of_each()
    for name, listener in listeners.items():
        for count, line in enumerate((b"7", b"\xff\xfe", b"\x1b[31mred\xe2\x80\xae"), 1):
            send(redis, name, line)
            eventually(lambda one=listener, count=count: len(one.lines()) == count)  # type: ignore[misc]
        seven, malformed, red = listener.lines()
        assert (seven["id"], seven["from"], seven["seq"], seven["sent"]) == (None,) * 4
        assert seven["body"] == "7"
        assert malformed["malformed"] == r"\xff\xfe"
        assert red["body"] == "\x1b[31mred\u202e"
    stop_all(*listeners.values())
    for listener in listeners.values():
        assert "Received 2, malformed 1" in listener.text


def test_a_person_sees_one_aligned_line_a_message(start: Start, redis: Redis) -> None:
    for name, listener in people(start, "--name", "ears").items():
        lines = (message("one"), message("\x1b[31mtwo", 2), b"three", b"\xff", message("一", 3))
        for line in lines:
            count = len(listener.out)
            send(redis, name, line)
            eventually(lambda one=listener, count=count: len(one.out) > count)  # type: ignore[misc]
        clock, delay = r"\d\d:\d\d:\d\d\.\d{3}  ears            ", r" *[\d,]+\.\d ms  "
        patterns = [
            f"{clock}{delay}one",
            clock + delay + r"\\x1b\[31mtwo",
            f"{clock}             three",
            clock + r"             malformed: not UTF-8: \\xff",
            f"{clock}{delay}一",
        ]
        for pattern, shown in zip(patterns, listener.out[1:], strict=True):
            assert re.fullmatch(pattern, shown)
        bodies = ("one", "\\x1b", "three", "malformed", "一")
        assert {row.index(body) for row, body in zip(listener.out[1:], bodies, strict=True)} == {43}


def test_more_than_a_person_can_read_is_summed_up(start: Start, redis: Redis) -> None:
    listeners = people(start)
    lines = [message(f"body-{n}", n) for n in range(1, 5_001)]
    for name in listeners:
        send(redis, name, *lines[:2_500])
        send(redis, name, *lines[2_500:])
    for listener in listeners.values():
        listener.says(" messages, latest body-")
    stop_all(*listeners.values())
    for name, listener in listeners.items():
        rows = listener.out[1:-1]
        sums = [
            int(n.replace(",", ""))
            for n in re.findall(r"  ([\d,]+) messages, latest body-", listener.text)
        ]
        assert sums
        assert len(rows) < 150
        if not PATTERNS[name].keeps:  # all were sent before the stop, so all were heard
            assert sum(sums) + len(rows) - len(sums) == 5_000
            assert "Received 5,000, malformed 0, missed 0, delay median" in listener.text


def test_who_hears_all_tells_what_it_missed_and_nobody_else(
    one_of_each: OneOfEach, start: Start, redis: Redis
) -> None:
    person = start(Process, [sys.executable, "listeners/pubsub.py"])
    listeners = one_of_each()
    person.says("Listening")
    for name, listener in listeners.items():
        for seq in (40, 44, 45, 47):
            send(redis, name, message("x", seq))
        listener.receives(4)
    person.says("missed 3 (41–43 from web-12)")
    person.says("missed 1 (46 from web-12)")
    stop_all(*listeners.values())
    for name, listener in listeners.items():
        if PATTERNS[name].follows_gaps:
            assert listener.missed() == [
                {"missed": 3, "from": "web-12", "first": 41, "last": 43},
                {"missed": 1, "from": "web-12", "first": 46, "last": 46},
            ]
            assert "missed 4" in listener.text
        else:
            assert "missed" not in listener.text


def test_only_a_failed_write_is_called_one(start: Start) -> None:
    """Whatever else the system refuses is said as what it is."""
    program = (
        "import sys\n"
        "from messaging.receiving.script import listen\n"
        "from patterns import PATTERNS\n"
        "def receive(redis, consumer):\n"
        "    raise OSError(24, 'Too many open files')\n"
        "sys.exit(listen(PATTERNS['prodcons'], receive, 'about'))\n"
    )
    listener = start(Process, [sys.executable, "-c", program], environ={"LIVE": "0"})
    assert "Cannot go on: Too many open files." in listener.ended()
    assert "Cannot write" not in listener.text
    assert "Traceback" not in listener.text
    assert listener.popen.returncode == 1
