"""siege at the links, and what the listeners received of it."""

import os
import re
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from redis import Redis

from patterns import PATTERNS
from patterns.prodcons import QUEUE
from tests.parts import Listener, Web
from tests.processes import Process, eventually

Start = Callable[..., Any]

if not shutil.which("siege"):  # in CI it must be there
    assert not os.environ.get("CI"), "siege is not installed"
    pytest.skip("siege is not installed: apt install siege", allow_module_level=True)


def siege(start: Start, web: Web, name: str, *options: str) -> None:
    process = start(Process, ["siege", "-b", *options, f"http://{web.host}/{name}"])
    process.ended(60)
    assert '"failed_transactions":\t\t           0' in process.text, process.text


def test_fifty_clicks_reach_one_queue_listener_and_every_channel_listener(
    start: Start, web: Web, redis: Redis
) -> None:
    queue = [start(Listener, "prodcons") for _ in range(2)]
    channel = [start(Listener, "pubsub") for _ in range(2)]
    for name in PATTERNS:
        siege(start, web, name, "-c10", "-r5")
    eventually(lambda: sum(len(one.messages()) for one in queue) >= 50)
    for one in channel:
        one.receives(50)
    taken = Counter(line["id"] for one in queue for line in one.messages())
    assert len(taken) == taken.total() == 50
    assert redis.llen(QUEUE) == 0
    heard = [Counter(line["id"] for line in one.messages()) for one in channel]
    assert heard[0] == heard[1]
    assert len(heard[0]) == heard[0].total() == 50


@pytest.mark.heavy
def test_a_thousand_clicks_on_two_web_processes_make_no_false_gap(start: Start, web: Web) -> None:
    listeners = [start(Listener, "pubsub") for _ in range(2)]
    siege(start, web, "pubsub", "-c25", "-r40")
    for listener in listeners:
        listener.receives(1_000)
        assert len({line["from"] for line in listener.messages()}) == 2
        assert not listener.missed()
        numbers: dict[str, int] = {}
        for line in listener.messages():
            assert line["seq"] == numbers.get(line["from"], line["seq"] - 1) + 1
            numbers[line["from"]] = line["seq"]


def run(start: Start, web: Web, *arguments: str, **environ: str) -> Process:
    return run_all(start, web, arguments, **environ)[0]


def run_all(start: Start, web: Web, *runs: Sequence[str], **environ: str) -> list[Process]:
    """Run the script with each of these arguments, side by side: each at a pattern of its own."""
    command, at = [sys.executable, "-m", "starting.siege"], {"PORT": str(web.port), **environ}
    started = [start(Process, [*command, *arguments], environ=at) for arguments in runs]
    for process in started:
        process.ended(60)
        assert "Traceback" not in process.text
    return started


def figures(process: Process, label: str) -> list[int]:
    """The numbers of the lines that begin like that."""
    found = re.findall(rf"^{label}.*?([\d,]+)$", process.text, re.MULTILINE)
    return [int(number.replace(",", "")) for number in found]


def test_the_script_starts_listeners_of_its_own(start: Start, web: Web, redis: Redis) -> None:
    # Those that another test has killed are gone three seconds later, for each web process.
    eventually(lambda: not any(web.figures("prodcons")["there"] for _ in range(20)))
    eventually(lambda: not any(web.figures("pubsub")["there"] for _ in range(20)))
    queue, channel = run_all(start, web, ["prodcons"], ["pubsub", "-c5", "-r3"])
    assert "transaction_rate" in queue.text
    assert figures(queue, "Sent:") == [50]
    assert "Siege counts more transactions than that: the link redirects" in queue.text
    assert sum(figures(queue, "Received by siege-")) == 50
    assert "Waiting:                                0, before 0" in queue.text
    assert figures(channel, "Sent:") == [15]
    assert figures(channel, "Received by siege-[12]") == [15, 15]


def test_the_script_leaves_the_work_to_listeners_that_are_there(start: Start, web: Web) -> None:
    queue = [start(Listener, "prodcons") for _ in range(2)]
    channel = start(Listener, "pubsub")
    names = ("prodcons", "pubsub")
    eventually(lambda: all(web.figures(name)["there"] for name in names))
    for name, process in zip(names, run_all(start, web, *([n] for n in names)), strict=True):
        assert "siege-" not in process.text
        assert sum(figures(process, f"Received by {name}-")) == 50
    assert sum(len(one.receives(0)) for one in queue) == 50
    assert len(channel.receives(50)) == 50


def test_a_siege_that_names_no_end_has_one(start: Start, web: Web) -> None:
    two, twice = run_all(start, web, ["pubsub", "-c2"], ["fanout", "-r2"])
    assert figures(two, "Sent:") == [10]
    assert figures(twice, "Sent:") == [20]


def test_a_siege_that_is_stopped_still_says_what_was(start: Start, web: Web) -> None:
    command = [sys.executable, "-m", "starting.siege", "pubsub", "-t60S"]
    process = start(Process, command, environ={"PORT": str(web.port)})
    heard = start(Listener, "pubsub")
    heard.receives(100)
    process.stop(signal.SIGINT)
    assert figures(process, "Sent:")[0] >= 100


def test_a_web_that_reports_nothing_is_a_sentence(start: Start) -> None:
    process = run(start, start(Web, LIVE="0"), "pubsub")
    assert "tells no figures: with LIVE=0 it does not." in process.text
    assert process.popen.returncode == 1


def test_the_script_says_what_is_missing(start: Start, web: Web) -> None:
    assert "prodcons|pubsub" in run(start, web, "nothing").text
    assert "siege is not installed" in run(start, web, "prodcons", PATH="/nowhere").text
    process = run(start, web, "prodcons", PORT="1")
    assert "No web answers at port 1: start ./scripts/demo first." in process.text
    assert process.popen.returncode == 1
