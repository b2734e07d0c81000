"""What nobody may ask a demo for does nothing, and is answered in a sentence."""

import json
import math
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from controls import wire
from controls.verbs import SLOWEST, VERBS, Target
from controls.wire import ASKED_WITHIN, Command
from tests.acting import COMMAND, Playing
from tests.parts import Demo
from tests.processes import eventually, processes

OF_LISTENERS = [one.name for one in VERBS.values() if one.target is Target.LISTENER]


@pytest.fixture(scope="module")
def play() -> Iterator[Playing]:
    """A demo to which nothing happens; somebody listens by hand beside it."""
    with processes() as start:
        play = Playing(start, start(Demo, [sys.executable, *COMMAND]))
        play.listen("prodcons")
        with play.changes_only():
            yield play
        assert "Traceback" not in play.demo.text


def command(play: Playing, **changes: Any) -> Command:
    return replace(Command("freeze", "prodcons-1", {}, play.secret()), **changes)


def said_to(play: Playing, asked: Command, pushed_as: str = "") -> str:
    """Hand a command to the demo past its web; return what it answers when it does not do it."""
    play.redis.lpush(wire.commands_of(pushed_as or asked.secret), asked.encode())
    popped = play.redis.blpop([f"{wire.ANSWERS}{asked.id}"], 10)
    assert popped
    answer = json.loads(popped[1])
    assert not answer["is_done"]
    return str(answer["said"])


def test_a_forged_secret(play: Playing) -> None:
    forged = command(play, secret="0" * 32)
    assert "The secret is not that" in said_to(play, forged, pushed_as=play.secret())


@pytest.mark.parametrize("seconds", [-ASKED_WITHIN - 1, ASKED_WITHIN + 1, math.nan, math.inf])
def test_one_from_another_time(seconds: float, play: Playing) -> None:
    assert "seconds ago" in said_to(play, command(play, at=time.time() + seconds))


def test_a_second_time(play: Playing) -> None:
    asked = command(play, verb="go_on")  # which is not frozen
    assert wire.ask(play.redis, asked) == wire.Answer(True, "prodcons-1 is not frozen.")
    assert said_to(play, asked) == "It was carried out already."


@pytest.mark.parametrize("target", ["by-hand", "nobody", "", "web", "redis", "prodcons", "1"])
@pytest.mark.parametrize("verb", OF_LISTENERS)
def test_another_target(verb: str, target: str, play: Playing) -> None:
    options = {"ms": 1} if VERBS[verb].options else {}
    asked = command(play, verb=verb, target=target, options=options)
    assert said_to(play, asked).startswith("This demo has started no listener of that name")


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
def test_what_cannot_be(changes: dict[str, Any], sentence: str, play: Playing) -> None:
    assert sentence in said_to(play, command(play, **changes))


def garbage(play: Playing) -> list[bytes]:
    """What other programs may push onto the list; none of it is a command."""
    good = json.loads(command(play).encode())
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


def test_garbage_is_skipped(play: Playing) -> None:
    key = wire.commands_of(play.secret())
    for line in garbage(play):
        play.redis.lpush(key, line)
    assert play.done("go_on", "prodcons-1") == "prodcons-1 is not frozen."
    assert play.redis.llen(key) == 0
    assert not play.redis.keys(f"{wire.ANSWERS}*")


def test_a_key_of_another_type_is_waited_out(play: Playing) -> None:
    key = wire.commands_of(play.secret())
    play.redis.set(key, "something else")
    assert play.act("go_on", "prodcons-1").status == 503
    time_to_try = time.monotonic()
    play.redis.delete(key)
    eventually(lambda: play.act("go_on", "prodcons-1").status == 200)
    assert time.monotonic() - time_to_try < ASKED_WITHIN


@pytest.mark.parametrize("written", [("SET", b"\xff"), ("SET", "{}"), ("LPUSH", "7")])
def test_a_stage_that_another_program_writes_is_none(
    written: tuple[str, str], play: Playing
) -> None:
    key = wire.stage_of(play.secret())
    play.demo.gets(signal.SIGSTOP)  # or it writes it anew meanwhile
    play.redis.delete(key)
    play.redis.execute_command(written[0], key, written[1])  # type: ignore[no-untyped-call]
    assert wire.look(play.redis, play.secret()) is None
    play.demo.gets(signal.SIGCONT)
    assert play.web.status()["redis"] == "up"
    eventually(lambda: wire.look(play.redis, play.secret()))  # the demo writes it anew
    play.shown()


HEADERS: list[tuple[dict[str, str], int]] = [
    ({"Origin": "http://evil.example"}, 403),
    ({"Referer": "http://evil.example/"}, 403),
    ({"Sec_Fetch_Site": "cross-site"}, 403),
    ({"Sec_Fetch_Site": "same-site"}, 403),
    ({"Sec_Purpose": "prefetch", "Sec_Fetch_Site": "same-origin"}, 403),
    ({"Host": "evil.example"}, 400),
    ({"Content_Type": "application/json"}, 415),
    ({"Sec_Fetch_Site": "same-origin"}, 200),
]


@pytest.mark.parametrize(("headers", "status"), HEADERS)
def test_another_site(headers: dict[str, str], status: int, play: Playing) -> None:
    fields = {"secret": play.secret(), "target": "prodcons-1"}
    answer = play.web.post("go_on", fields, **headers)
    assert answer.status == status, answer.text
    assert answer.json()["sentence" if status == 200 else "error"].endswith(".")


@pytest.mark.parametrize(
    ("verb", "fields", "status", "sentence"),
    [
        ("freeze", {}, 403, "The secret is not that of this demo"),
        ("freeze", {"secret": ""}, 403, "The secret"),
        ("freeze", {"secret": "%C3%A4"}, 403, "The secret"),
        ("freeze", {"secret": "%ff"}, 400, "secret is not UTF-8."),
        ("reboot", {"target": "prodcons-1"}, 400, "There is nothing called that"),
        ("slow", {"target": "prodcons-1", "ms": "+1"}, 400, "ms is a number, in digits"),
        ("slow", {"target": "prodcons-1", "ms": "2001"}, 400, "ms is a number from 0 to 2000."),
        ("slow", {"target": "prodcons-1"}, 400, "The options of slow are: ms."),
        ("start", {"target": "nobody"}, 400, "Its target is one of"),
        ("freeze", {"target": "by-hand"}, 409, "no listener of that name"),
    ],
)
def test_bad_fields(
    verb: str, fields: dict[str, str], status: int, sentence: str, play: Playing
) -> None:
    secret = {} if status == 403 else {"secret": play.secret()}
    answer = play.web.post(verb, {**secret, **fields})
    assert answer.status == status, answer.text
    assert sentence in answer.json()["error"]


def test_a_link_asks_for_nothing(play: Playing) -> None:
    path = f"/control/freeze?secret={play.secret()}&target=prodcons-1"
    answer = play.web.ask(path, Accept="application/json")
    assert answer.status == 405
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_without_a_script_the_sentence_is_a_page(play: Playing) -> None:
    fields = {"secret": play.secret(), "target": "prodcons-1"}
    page = play.web.post("go_on", fields, Accept="text/html")
    assert page.status == 200
    assert "prodcons-1 is not frozen." in page.text
    assert "Back to the front page" in page.text
    page = play.web.post("freeze", {**fields, "target": "x"}, Accept="text/html")
    assert page.status == 409
    assert "no listener of that name" in page.text
