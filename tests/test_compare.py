"""The lab's command: what it runs and sums up, and that it leaves others and nothing behind."""

import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from psutil import STATUS_STOPPED
from redis import Redis

from lab.job import Settings
from lab.plan import plan
from lab.pool import FAILED, folder_for
from lab.report.table import sum_up
from lab.scenarios import SCENARIOS
from patterns import COMPARED
from starting.process import NotStartedError, wait_until
from tests.parts import Listener, RedisServer, lab
from tests.processes import DEADLINE, Process, eventually, marked, with_mark

Start = Callable[..., Any]


def test_a_folder_of_others_is_left_alone(tmp_path: Path, start: Start) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "thesis.txt").write_text("years of work")
    process = start(Process, lab("--scenario", "late", "--results", tmp_path))
    assert "that are not the lab's" in process.ended()
    assert process.popen.returncode == 2
    assert (tmp_path / "raw" / "thesis.txt").read_text() == "years of work"


def test_two_comparisons_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        folder_for(tmp_path),
        pytest.raises(NotStartedError, match="Another comparison"),
        folder_for(tmp_path),
    ):
        raise AssertionError("unreachable")


def test_on_a_redis_of_others_only_what_harms_nobody_is_run() -> None:
    settings = Settings(url="redis://elsewhere")
    run = {job.scenario for job in plan(list(SCENARIOS), list(COMPARED), settings, 1)}
    harmful = {"stuck", "lost-push", "lost-pop", "lost-ack", "half-open", "poison"}
    harmful |= {"restart-none", "restart-everysec", "restart-always", "power-cut"}
    harmful |= {"failover", "failover-wait", "failover-sentinel"}
    assert run == set(SCENARIOS) - harmful


@pytest.mark.heavy
def test_on_a_redis_of_others_it_touches_nothing_and_leaves_no_trace(
    own_server: RedisServer, tmp_path: Path, start: Start
) -> None:
    redis = Redis.from_url(own_server.url)
    listener = start(Listener, "pubsub", REDIS_URL=own_server.url, LIVE="0")
    redis.lpush("task:prodcons:queue", "theirs")
    redis.set("mine", 1)
    before = sorted(redis.keys())
    some = ("--scenario", "cut", "--repeat", 1)
    at = ("--redis", own_server.url, "--i-know", "--results", tmp_path)
    process = start(Process, lab(*some, *at))
    process.ended(90)
    assert process.popen.returncode == 0, process.text
    assert sorted(redis.keys()) == before
    assert redis.lrange("task:prodcons:queue", 0, -1) == [b"theirs"]
    assert listener.lines() == []
    assert "Reconnected" not in listener.text  # only the lab's own connections were cut
    redis.close()


def test_ctrl_c_ends_all_that_was_started(tmp_path: Path, start: Start) -> None:
    mark = f"mark-{uuid4().hex}"  # the same test may run elsewhere on this machine
    command = lab("--scenario", "frozen", "--results", tmp_path)
    process = start(Process, command, environ={"MARK": mark})
    eventually(lambda: any("listeners/" in line for line in marked(mark)))
    code, _ = process.stop(signal.SIGINT)
    assert code == 130
    assert "Stopped" in process.text
    wait_until(lambda: not marked(mark), DEADLINE)
    assert marked(mark) == []


def test_a_killed_run_leaves_nobody_behind_who_is_frozen(tmp_path: Path, start: Start) -> None:
    mark = f"mark-{uuid4().hex}"
    options = ("--scenario", "frozen", "--pattern", "prodcons", "--repeat", 1)
    process = start(Process, lab(*options, "--results", tmp_path), environ={"MARK": mark})
    eventually(lambda: any(one.info["status"] == STATUS_STOPPED for one in with_mark(mark)))
    for one in with_mark(mark):
        if "lab.making" in one.info["cmdline"]:
            one.kill()
    assert "could not be measured" in process.ended()
    wait_until(lambda: not marked(mark), DEADLINE)
    assert marked(mark) == []


SWALLOWED = """
import signal
from lab.job import FailedRunError
from lab.making import give_up, stop

signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGALRM, give_up)
try:
    signal.raise_signal(signal.SIGTERM)
except SystemExit:
    pass  # as Python does with what a handler raises during a fork
try:
    signal.pause()
except FailedRunError:
    print("the run would be made again")
"""


def test_a_stop_that_python_swallowed_is_not_forgotten(start: Start) -> None:
    process = start(Process, [sys.executable, "-c", SWALLOWED])
    assert process.ended() == ""
    assert process.popen.returncode == 143


@pytest.mark.heavy
def test_a_consumer_that_does_not_work_is_said(tmp_path: Path, start: Start) -> None:
    options = ("--scenario", "steady", "--pattern", "prodcons", "--listener", "false", "--quick")
    process = start(Process, lab(*options, "--results", tmp_path))
    said = process.ended(60)
    assert process.popen.returncode == 3
    assert "could not be measured" in said
    assert "Not every listener received a probe. listener-1 ended by itself" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_scenario_asks_a_question_and_says_what_is_done(name: str) -> None:
    told = SCENARIOS[name].described()
    assert told["name"] == name
    assert told["question"].endswith("?")
    assert told["about"].endswith(".")
    assert told["title"]
    assert int(told["number"])


def test_the_words_are_those_of_the_worst_run_and_the_figures_of_all() -> None:
    job = {"scenario": "killed", "pattern": "prodcons", "settings": {"client": "ours"}}
    drained: dict[str, Any] = job | {"ended": "drained", "broken": []}

    def run(lost: int, delay: float, verdict: str) -> dict[str, Any]:
        figures = {"lost": lost, "left": 0, "duplicated": 0, "delay_p50_ms": delay}
        told = {"verdict": verdict, "words": f"lost {lost}", "charts": {"delay": [[0, lost, 0]]}}
        return drained | told | {"figures": figures}

    runs = [run(1, 3.0, "allowed"), run(4, 1.0, "allowed"), run(0, 2.0, "kept")]
    told = sum_up(runs)
    assert (told["verdict"], told["words"], told["runs"]) == ("allowed", "lost 4", 3)
    assert told["figures"]["lost"] == {"median": 1, "low": 0, "high": 4}
    assert told["figures"]["delay_p50_ms"] == {"median": 2.0, "low": 1.0, "high": 3.0}
    assert told["charts"] == {"delay": [[0, 4, 0]]}
    assert json.dumps(told)
    failed = job | {"ended": FAILED, "verdict": "invalid", "words": "", "broken": ["No."]}
    failed |= {"figures": {}, "charts": {}}
    assert sum_up([*runs, failed])["verdict"] == "invalid"
    assert sum_up([run(9, 1.0, "broken"), failed])["verdict"] == "broken"
