"""The listener scripts, run as a person runs them."""

import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from messaging.message import Message
from tests.parts import Listener, Web
from tests.places import KEEPING
from tests.processes import ROOT, Process, eventually
from web import PATTERNS

Start = Callable[..., Any]
each_pattern = pytest.mark.parametrize("name", PATTERNS)

# Every way to start a listener: the command, and the folder it is given in (None: another one).
WAYS = {
    "script": (["{python}", "listeners/{name}.py"], ROOT),
    "script elsewhere": (["{python}", str(ROOT / "listeners/{name}.py")], None),
    "module": (["{python}", "-m", "listeners.{name}"], ROOT),
}


def send(redis: Redis, name: str, *messages: Message | bytes) -> None:
    lines = [m if isinstance(m, bytes) else m.encode() for m in messages]
    PATTERNS[name].send(redis, lines)


def message(body: str, seq: int = 1, sender: str = "web-12") -> Message:
    return Message(body, sender, seq, time.time())


@each_pattern
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_starts_both_ways_and_every_signal_stops_it(
    name: str, way: str, number: signal.Signals, start: Start, redis: Redis, tmp_path: Path
) -> None:
    command, folder = WAYS[way]
    words = [word.format(python=sys.executable, name=name) for word in command]
    listener = start(Process, words, folder or tmp_path)
    listener.says("Listening to ")
    send(redis, name, message("seven"))
    listener.says("seven")
    code, seconds = listener.stop(number)
    assert code == 0
    assert seconds < 1.5
    assert "Received 1, malformed 0" in listener.text
    assert "Traceback" not in listener.text


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


def test_the_banner_says_what_where_how_many_and_how_to_stop(start: Start, redis: Redis) -> None:
    send(redis, "prodcons", b"1", b"2")
    port = redis.get_connection_kwargs()["port"]
    where = f"127.0.0.1:{port}/5"
    queue = start(Process, [sys.executable, "listeners/prodcons.py", "--work", "1"])
    queue.says(f"Listening to task:prodcons:queue at {where}: 2 waiting. Ctrl-C stops.")
    channel = start(Process, [sys.executable, "listeners/pubsub.py"])
    channel.says(f"Listening to task:pubsub:channel at {where}: nothing waits there. Ctrl-C stops.")


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


def test_oldest_first_is_a_queue_and_without_it_a_stack(start: Start, redis: Redis) -> None:
    for options, order in (([], "321"), (["--oldest-first"], "123")):
        send(redis, "prodcons", b"1", b"2", b"3")
        listener = start(Listener, "prodcons", "--until-empty", *options)
        listener.ended()
        assert listener.popen.returncode == 0
        assert "".join(line["body"] for line in listener.messages()) == order


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


@each_pattern
def test_help_shows_examples_and_every_option(name: str, start: Start) -> None:
    text = start(Process, [sys.executable, f"listeners/{name}.py", "--help"]).ended()
    options = ["--name", "--work", "--json", f"python listeners/{name}.py --name slow --work 0.2"]
    if name == "prodcons":
        options += ["--oldest-first", "--until-empty", "like a stack"]
    for option in options:
        assert option in " ".join(text.split())


@each_pattern
@pytest.mark.parametrize(
    "options",
    [["--work", "x"], ["--work", "-1"], ["--work", "nan"], ["--name", ""], ["--nam", "a"]],
)
def test_bad_options_are_said(name: str, options: list[str], start: Start) -> None:
    listener = start(Process, [sys.executable, f"listeners/{name}.py", *options])
    assert "error: " in listener.ended()
    assert "Traceback" not in listener.text
    assert listener.popen.returncode == 2
