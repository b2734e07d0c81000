"""The kitchen closes at once, whoever ends it; what cannot be is told in a sentence."""

import os
import re
import signal
import subprocess
import sys

import pytest
from redis import Redis

from jobs.kitchen import options as kitchen_options
from tests.kitchens import EMPTY, LONG, WAYS, Kitchen, Start
from tests.parts import RedisServer
from tests.processes import (
    DEADLINE,
    PROMPTLY,
    ROOT,
    Process,
    eventually,
    marked,
)


def test_ctrl_c_and_sigterm_close_the_kitchen_at_once(start: Start, redis: Redis) -> None:
    kitchens = [
        (start(Kitchen, *options, *LONG), number)
        for options in WAYS.values()
        for number in (signal.SIGINT, signal.SIGTERM)
    ]
    for kitchen, _ in kitchens:
        kitchen.says(" takes ")
    for kitchen, number in kitchens:
        os.killpg(kitchen.popen.pid, number)  # all of them, as a terminal does
    for kitchen, _ in kitchens:
        kitchen.popen.wait(PROMPTLY)
        assert kitchen.closed().lost == 0
    assert redis.keys("task:kitchen:*") == []


def test_a_killed_eater_loses_its_dish_and_a_killed_cook_none(start: Start, redis: Redis) -> None:
    of_eater, of_cook = (start(Kitchen, *EMPTY, *LONG, "--redis") for _ in range(2))
    of_eater.says(" takes ")
    # Who eats for half a second and more is killed in the middle of it.
    eater = next(line.who for line in reversed(of_eater.lines()) if line.what == "takes")
    of_eater.child(int(eater[-1])).kill()
    of_eater.says(f"{eater} was killed")
    of_cook.says("waits")
    of_cook.child(0).kill()
    of_cook.says("cook 1 was killed")
    of_eater.gets(signal.SIGINT)
    of_cook.gets(signal.SIGINT)
    for kitchen, who in ((of_eater, eater), (of_cook, "cook 1")):
        total = kitchen.closed()
        last = [line.what for line in kitchen.lines() if line.who == who][-2:]
        assert last[-1] == "was killed"
        assert total.lost == (last[0] == "takes")
        assert f"Killed: {who}." in kitchen.out
        assert ("Lost is what had been taken and was not eaten." in kitchen.out) == bool(total.lost)
    assert redis.keys("task:kitchen:*") == []


def test_when_the_kitchen_is_killed_its_people_leave_and_clean_up(
    start: Start, redis: Redis
) -> None:
    kitchen = start(Kitchen, *LONG, "--redis")
    kitchen.says(" puts ")
    assert redis.keys("task:kitchen:*")
    kitchen.popen.kill()
    eventually(lambda: not marked(kitchen.mark) and not redis.keys("task:kitchen:*"), PROMPTLY)


def test_a_redis_that_is_missing_or_dies_is_told_in_a_sentence(
    start: Start, own_server: RedisServer
) -> None:
    nowhere = {"REDIS_URL": "redis://localhost:1/5"}
    missing = start(Process, ["./scripts/kitchen", "--redis"], nowhere)
    dies = start(Kitchen, "--redis", *LONG, REDIS_URL=own_server.url)
    dies.says(" puts ")
    own_server.kill()
    assert missing.ended().endswith("Redis at localhost:1/5 is away: connection refused.\n")
    assert missing.out == []
    assert "; what is left is unknown." in dies.ended(PROMPTLY)
    assert re.fullmatch("Redis at .* is away: .*\n", dies.stderr.text())
    assert (missing.popen.returncode, dies.popen.returncode) == (1, 1)
    assert marked(dies.mark) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("--cooks 0", "--cooks: '0' is not a whole number from 1 to 99"),
        ("--eaters two", "--eaters: 'two' is not a whole number from 1 to 99"),
        ("--places -1", "--places: '-1' is not a whole number from 1 to 1,000"),
        ("--places ３", "--places: '３' is not a whole number from 1 to 1,000"),
        ("--seconds 0", "--seconds: '0' is not a number from 0.1 to 3,600"),
        ("--seconds nan", "--seconds: 'nan' is not a number from 0.1 to 3,600"),
        ("--cook 2", "unrecognized arguments: --cook 2"),
    ],
)
def test_a_bad_option_is_told_in_a_sentence(
    given: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["kitchen", *given.split()])
    with pytest.raises(SystemExit) as end:
        kitchen_options.read_options()
    assert end.value.code == 2
    assert capsys.readouterr().err.endswith(f"{told}\n")


def test_threads_need_nothing_but_the_standard_library(start: Start) -> None:
    bare = start(Process, [sys.executable, "-S", "-m", "jobs.kitchen", "--seconds", "0.2"])
    script = start(Process, ["./scripts/kitchen", "--seconds", "0.2"])
    for one in (bare, script):
        assert "Cooked 0 = eaten 0 + left on the counter 0.\n" in one.ended()
        assert one.popen.returncode == 0


def test_a_reader_that_leaves_ends_it() -> None:
    command = f"{sys.executable} -m jobs.kitchen --seconds 60 | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE
    )
    assert done.stdout.endswith("waits: the counter is empty\n")
    assert done.stderr == "Cannot go on: Broken pipe.\n"
