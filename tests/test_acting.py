"""A listener is frozen, slowed, turned, stopped, killed or started: the right one, and no other."""

import psutil

from controls.verbs import MOST_LISTENERS, SLOWEST
from tests.acting import Playing, command_of, is_gone
from tests.processes import eventually


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
