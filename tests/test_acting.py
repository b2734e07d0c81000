"""Each thing that the page asks for is done to the right process, and to no other."""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from controls.verbs import KEPT_OUT_FOR, MOST_LISTENERS, SLOWEST
from patterns import PATTERNS
from patterns.declaration.store import lines
from tests.acting import COMMAND, Playing, command_of, is_gone
from tests.parts import Demo
from tests.processes import eventually, processes

Start = Callable[..., Any]
QUEUE = PATTERNS["prodcons"].place


@pytest.fixture(scope="module")
def shared() -> Iterator[Playing]:
    """A demo for all tests here, beside which somebody listens by hand."""
    with processes() as start:
        play = Playing(start, start(Demo, [sys.executable, *COMMAND]))
        for pattern in ("prodcons", "pubsub"):
            play.listen(pattern)
        yield play
        assert "Traceback" not in play.demo.text


@pytest.fixture
def play(shared: Playing) -> Iterator[Playing]:
    """Two normal listeners of each pattern; those by hand are never touched."""
    shared.calm()
    yield shared
    assert not any(one.has_ended() for one in shared.by_hand.values())


def test_it_is_frozen_and_goes_on(play: Playing) -> None:
    pid = play.own("prodcons-1").pid
    with play.changes_only("prodcons-1"):
        assert f"SIGSTOP sent to prodcons-1: kill -STOP {pid}" in play.done("freeze", "prodcons-1")
        assert psutil.Process(pid).status() == psutil.STATUS_STOPPED
        assert play.shown()["listeners"]["prodcons-1"]["is_frozen"]
        assert "already" in play.done("freeze", "prodcons-1")
        assert "let it go on first" in play.refused(409, "stop", "prodcons-1")
        assert "let it go on first" in play.refused(409, "slow", "prodcons-1", ms=100)
    with play.changes_only("prodcons-1"):
        assert f"kill -CONT {pid}" in play.done("go_on", "prodcons-1")
    assert psutil.Process(pid).status() != psutil.STATUS_STOPPED
    assert not play.shown()["listeners"]["prodcons-1"]["is_frozen"]


def test_one_that_a_person_freezes_is_shown_frozen(play: Playing) -> None:
    psutil.Process(play.own("pubsub-1").pid).suspend()
    eventually(lambda: play.own("pubsub-1").is_frozen)
    assert play.shown()["listeners"]["pubsub-1"]["is_frozen"]
    play.done("go_on", "pubsub-1")


def test_it_is_slowed_and_turned_under_its_name(play: Playing) -> None:
    first = play.own("prodcons-2").pid
    with play.changes_only("prodcons-2"):
        play.done("slow", "prodcons-2", ms=300)
        second = play.own("prodcons-2").pid
        assert command_of(second).endswith("--name prodcons-2 --work 0.3")
        said = play.done("oldest_first", "prodcons-2")
        third = play.own("prodcons-2").pid
        assert f"kill {second}; " in said
        assert command_of(third).endswith("--name prodcons-2 --work 0.3 --oldest-first")
        told = play.own("prodcons-2")
        assert (told.ms, told.is_oldest_first) == (300, True)
        play.done("newest_first", "prodcons-2")
        assert command_of(play.own("prodcons-2").pid).endswith("--name prodcons-2 --work 0.3")
    assert all(map(is_gone, (first, second, third)))
    assert "has no listener that can" in play.refused(409, "newest_first", "pubsub-1")


def test_it_stops_with_sigterm_and_is_killed_with_sigkill(play: Playing) -> None:
    for verb, number, ended in (
        ("stop", "kill", "ended: exit code 0"),
        ("kill", "kill -9", "ended: killed by SIGKILL"),
    ):
        pid = play.own("pubsub-2").pid
        with play.changes_only("pubsub-2"):
            assert f": {number} {pid}." in play.done(verb, "pubsub-2")
            assert is_gone(pid)
            assert "pubsub-2" not in play.shown()["listeners"]
        assert len(play.said(f"pubsub-2 {ended}")) == 1
        assert "no listener of that name" in play.refused(409, verb, "pubsub-2")
        play.calm("pubsub")


def test_a_frozen_one_can_be_killed(play: Playing) -> None:
    pid = play.own("prodcons-1").pid
    play.done("freeze", "prodcons-1")
    play.done("kill", "prodcons-1")
    assert is_gone(pid)


def test_one_more_listens_until_there_are_enough(play: Playing) -> None:
    play.done("stop", "prodcons-1")
    with play.changes_only():
        for number in (1, *range(3, MOST_LISTENERS + 1)):
            name = f"prodcons-{number}"
            said = play.done("start", "prodcons")
            pid = play.own(name).pid
            assert said.startswith(f"{name} listens, as process {pid}: ")
            assert command_of(pid).endswith(f"listeners/prodcons.py --name {name}")
        assert f"at most {MOST_LISTENERS}" in play.refused(409, "start", "prodcons")
    assert len(play.web.figures("prodcons")["listeners"]) > MOST_LISTENERS


def test_a_pattern_whose_listeners_the_demo_did_not_start_gets_some(play: Playing) -> None:
    with play.changes_only():
        play.done("stage", "stream", listeners=1, ms=0)
        eventually(lambda: play.web.figures("stream")["there"] == 1)
        play.done("stage", "stream", listeners=0, ms=0)
        eventually(lambda: play.web.figures("stream")["there"] == 0)


def test_a_stage_has_exactly_so_many_normal_ones(play: Playing) -> None:
    kept = play.own("prodcons-1").pid
    others = [f"prodcons-{number}" for number in (1, 2, 3)]
    play.done("slow", "prodcons-2", ms=50)
    play.done("start", "prodcons")
    play.done("oldest_first", "prodcons-3")
    play.done("freeze", "prodcons-1")
    with play.changes_only(*others):
        play.done("stage", "prodcons", listeners=2, ms=0)
    own = {n: one for n, one in play.stage().listeners.items() if one.pattern == "prodcons"}
    assert [*own] == ["prodcons-1", "prodcons-2"]
    assert own["prodcons-1"].pid == kept
    assert not any(one.is_frozen or one.ms or one.is_oldest_first for one in own.values())
    with play.changes_only(*others):
        play.done("stage", "prodcons", listeners=1, ms=SLOWEST)
    assert command_of(play.own("prodcons-1").pid).endswith("--work 2")
    assert "prodcons-2" not in play.stage().listeners


def test_its_connections_are_cut_and_no_others(play: Playing) -> None:
    before = play.everyone()["pubsub-1"]
    with play.changes_only("pubsub-1"):
        said = play.done("cut", "pubsub-1")
        cut = re.findall(r"CLIENT KILL ADDR (\S+)", said)
        assert len(cut) == 2
        assert not {*cut} & {one["addr"] for one in play.redis.client_list()}
        eventually(lambda: len(play.everyone()["pubsub-1"].ports) == 2)
    after = play.everyone()["pubsub-1"]
    assert after.pid == before.pid
    assert not after.ports & before.ports
    play.says("pubsub-1 +Redis at localhost:.* is away")


def test_it_is_kept_out_for_two_seconds(play: Playing) -> None:
    with play.changes_only("pubsub-2"):
        play.done("keep_out", "pubsub-2")
        eventually(lambda: play.own("pubsub-2").is_kept_out, KEPT_OUT_FOR)
        assert play.web.send("/pubsub?body=unheard")["subscribers"] == [2]  # and the one by hand
        play.says("pubsub-2 is let in again.")
        eventually(lambda: play.web.send("/pubsub?body=heard")["subscribers"] == [3])
        eventually(lambda: not play.own("pubsub-2").is_kept_out)
    (gap,) = play.said(r"pubsub-2 .*Reconnected to .* after ([\d.]+) s")
    assert KEPT_OUT_FOR <= float(gap) < KEPT_OUT_FOR + 2


def test_a_dead_line_brings_nothing_until_that_is_noticed(play: Playing) -> None:
    with play.changes_only("pubsub-1"):
        play.done("line_dead", "pubsub-1")
        sent = play.web.send("/pubsub?body=into-the-void")
        assert sent["subscribers"] == [3]  # Redis notices nothing
        play.says("pubsub-1 +Redis at localhost:.* is away")
        eventually(lambda: play.web.send("/pubsub?body=heard-again")["subscribers"] == [3])
        play.by_hand["pubsub"].receives(1)
    assert not play.said(r"pubsub-1 .* into-the-void")
    play.says(r"pubsub-1 .* heard-again")


def test_a_reply_with_a_message_is_lost_once(play: Playing) -> None:
    play.done("stage", "reliable", listeners=1, ms=0)
    with play.changes_only("reliable-1"):
        play.done("lose_pop", "reliable-1")
        play.web.send("/reliable?body=comes-late")
        play.says("The connection is cut that was to bring reliable-1 a message.")
        play.says(r"reliable-1 .* comes-late")
        play.web.send("/reliable?body=comes-at-once")
        play.says(r"reliable-1 .* comes-at-once")


def test_a_reply_to_an_acknowledgement_is_lost(play: Playing) -> None:
    assert "acknowledges nothing" in play.refused(409, "lose_ack", "prodcons-1")
    play.done("stage", "reliable", listeners=1, ms=0)
    with play.changes_only("reliable-1"):
        play.done("lose_ack", "reliable-1")
        play.web.send("/reliable?body=once-enough")
        play.says("The connection is cut that was to bring reliable-1 the answer to LREM.")
    assert len(play.said(r"reliable-1 .* once-enough")) == 1


@pytest.mark.parametrize("name", PATTERNS)
def test_the_reply_to_a_send_is_lost_once_and_to_no_other(name: str, play: Playing) -> None:
    with play.changes_only():
        play.done("lose_send", name)
        for other in PATTERNS:
            if other != name:
                play.web.send(f"/{other}")
        assert play.web.ask(f"/{name}", Accept="application/json").status == 504
        play.web.send(f"/{name}")


def test_poison_kills_whoever_is_handed_it_until_it_is_put_aside(play: Playing) -> None:
    with play.changes_only("reliable-1", "reliable-2"):
        play.done("poison", "reliable")
        play.web.send("/reliable?body=poison")
        play.says("After 3 deaths the poison was put aside: redis-cli")
        dead = PATTERNS["reliable"].dead_letters
        eventually(lambda: len(lines(play.redis, dead)) == 1)
        eventually(lambda: play.web.figures("reliable")["there"] == 2)
    assert len(play.said("was handed the poison")) == 3
    play.web.send("/reliable?body=harmless")
    play.says("ms  harmless")


def test_poison_kills_each_who_hears_it_once(play: Playing) -> None:
    with play.changes_only("pubsub-1", "pubsub-2"):
        play.done("poison", "pubsub")
        play.web.send("/pubsub?body=no-poison")
        play.web.send("/pubsub?body=poison")
        play.says("2 deaths of the poison are enough.")
        eventually(lambda: play.web.send("/pubsub")["subscribers"] == [3])
        play.web.send("/pubsub?body=poison")
        play.says(r"pubsub-2 .*ms  poison")
    assert len(play.said("was handed the poison")) == 2


def test_redis_is_killed_and_runs_again(play: Playing) -> None:
    before = play.stage().redis_pid
    pids = {name: one.pid for name, one in play.everyone().items()}
    said = play.done("restart_redis")
    after = play.redis.info("server")["process_id"]
    assert f"kill -9 {before}." in said
    assert f"process {after}." in said
    assert is_gone(before)
    eventually(lambda: play.stage().redis_pid == after)
    for pattern in ("prodcons", "pubsub"):
        eventually(lambda at=pattern: play.web.figures(at)["there"] == 3)  # type: ignore[misc]
    assert {name: one.pid for name, one in play.everyone().items()} == pids
    eventually(lambda: len({name: one.ports for name, one in play.everyone().items()}) == len(pids))
    for one in play.by_hand.values():
        eventually(lambda at=one: "Reconnected" in at.text)  # type: ignore[misc]
