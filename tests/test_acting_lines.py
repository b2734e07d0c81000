"""Lines that are cut, silenced or lose a reply, poison, and Redis: only who was meant notices."""

import re

import pytest

from controls.verbs import KEPT_OUT_FOR
from patterns import PATTERNS
from patterns.declaration.store import lines
from tests.acting import Playing, is_gone
from tests.processes import eventually


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
