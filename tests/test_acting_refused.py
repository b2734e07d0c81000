"""What nobody may ask a demo for over Redis does nothing, and is answered in a sentence."""

import json
import math
import signal
import time
from dataclasses import replace
from typing import Any

import pytest

from controls import wire
from controls.verbs import SLOWEST, VERBS, Target
from controls.wire import ASKED_WITHIN, Command
from tests.acting import Playing
from tests.processes import eventually

OF_LISTENERS = [one.name for one in VERBS.values() if one.target is Target.LISTENER]


def command(untouched: Playing, **changes: Any) -> Command:
    return replace(Command("freeze", "prodcons-1", {}, untouched.secret()), **changes)


def said_to(untouched: Playing, asked: Command, pushed_as: str = "") -> str:
    """Hand a command to the demo past its web; return what it answers when it does not do it."""
    untouched.redis.lpush(wire.commands_of(pushed_as or asked.secret), asked.encode())
    popped = untouched.redis.blpop([f"{wire.ANSWERS}{asked.id}"], 10)
    assert popped
    answer = json.loads(popped[1])
    assert not answer["is_done"]
    return str(answer["said"])


def test_a_forged_secret(untouched: Playing) -> None:
    forged = command(untouched, secret="0" * 32)
    assert "The secret is not that" in said_to(untouched, forged, pushed_as=untouched.secret())


@pytest.mark.parametrize("seconds", [-ASKED_WITHIN - 1, ASKED_WITHIN + 1, math.nan, math.inf])
def test_one_from_another_time(seconds: float, untouched: Playing) -> None:
    assert "seconds ago" in said_to(untouched, command(untouched, at=time.time() + seconds))


def test_a_second_time(untouched: Playing) -> None:
    asked = command(untouched, verb="go_on")  # which is not frozen
    assert wire.ask(untouched.redis, asked) == wire.Answer(True, "prodcons-1 is not frozen.")
    assert said_to(untouched, asked) == "It was carried out already."


@pytest.mark.parametrize("target", ["by-hand", "nobody", "", "web", "redis", "prodcons", "1"])
@pytest.mark.parametrize("verb", OF_LISTENERS)
def test_another_target(verb: str, target: str, untouched: Playing) -> None:
    options = {"ms": 1} if VERBS[verb].options else {}
    asked = command(untouched, verb=verb, target=target, options=options)
    assert said_to(untouched, asked).startswith("This demo has started no listener of that name")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"verb": "reboot"}, "There is nothing called that, only"),
        ({"verb": "slow", "options": {"ms": SLOWEST + 1}}, "ms is a number from 0 to"),
        ({"verb": "slow", "options": {"ms": -1}}, "ms is a number from 0 to"),
        ({"verb": "slow", "options": {}}, "The options of slow are: ms"),
        ({"options": {"ms": 1}}, "The options of freeze are: none"),
        ({"verb": "start", "target": "prodcons-1"}, "Its target is one of"),
        ({"verb": "stage", "target": "prodcons", "options": {"listeners": 7, "ms": 0}}, "to 6."),
        ({"verb": "restart_redis"}, "restart_redis has no target."),
    ],
)
def test_what_cannot_be(changes: dict[str, Any], sentence: str, untouched: Playing) -> None:
    assert sentence in said_to(untouched, command(untouched, **changes))


def garbage(untouched: Playing) -> list[bytes]:
    """What other programs may push onto the list; none of it is a command."""
    good = json.loads(command(untouched).encode())
    bad: dict[str, Any] = {
        "id": "../../x",
        "at": "now",
        "verb": 1,
        "target": None,
        "options": {"ms": True},
        "secret": "\ud800",
        "more": 1,
    }
    return [
        b"",
        b"7",
        b"\xff",
        b"[" * 2000,
        b"{}",
        b'"' + b"x" * 5000,
        *(json.dumps({**good, name: value}).encode() for name, value in bad.items()),
    ]


def test_garbage_is_skipped(untouched: Playing) -> None:
    key = wire.commands_of(untouched.secret())
    for line in garbage(untouched):
        untouched.redis.lpush(key, line)
    assert untouched.done("go_on", "prodcons-1") == "prodcons-1 is not frozen."
    assert untouched.redis.llen(key) == 0
    assert not untouched.redis.keys(f"{wire.ANSWERS}*")


def test_a_key_of_another_type_is_waited_out(untouched: Playing) -> None:
    key = wire.commands_of(untouched.secret())
    untouched.redis.set(key, "something else")
    assert untouched.act("go_on", "prodcons-1").status == 503
    time_to_try = time.monotonic()
    untouched.redis.delete(key)
    eventually(lambda: untouched.act("go_on", "prodcons-1").status == 200)
    assert time.monotonic() - time_to_try < ASKED_WITHIN


@pytest.mark.parametrize("written", [("SET", b"\xff"), ("SET", "{}"), ("LPUSH", "7")])
def test_a_stage_that_another_program_writes_is_none(
    written: tuple[str, str], untouched: Playing
) -> None:
    key = wire.stage_of(untouched.secret())
    untouched.demo.gets(signal.SIGSTOP)  # or it writes it anew meanwhile
    untouched.redis.delete(key)
    untouched.redis.execute_command(written[0], key, written[1])  # type: ignore[no-untyped-call]
    assert wire.look(untouched.redis, untouched.secret()) is None
    untouched.demo.gets(signal.SIGCONT)
    assert untouched.web.status()["redis"] == "up"
    eventually(lambda: wire.look(untouched.redis, untouched.secret()))  # the demo writes it anew
    untouched.shown()
