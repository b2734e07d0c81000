"""Faults that never happen: what the judge says of a run in which an injection does nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from signal import Signals
from typing import Any

import pytest
from redis import Redis

from lab.consumer import Consumer
from lab.faults.injection import Injection
from lab.faults.processes import Overflowed
from lab.scenarios import SCENARIOS
from lab.systems import Ours
from starting.process import wait_until
from starting.proxy import Proxy
from tests.planted import assert_is, left_behind, planted, play

SOON = 1.0  # seconds in which the evidence of a fault is to be there, which never comes
Disarm = Callable[[pytest.MonkeyPatch], None]


def nothing(*_: Any, **__: Any) -> None:
    """Stands for an injection that does nothing."""


def cut_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Redis, "client_kill_filter", nothing)


def cut_another(patch: pytest.MonkeyPatch) -> None:
    """CLIENT KILL meets the connection of one listener only."""
    kill, met = Redis.client_kill_filter, list[str]()

    def kill_one(self: Redis, id_: str) -> None:
        met.append(id_)
        if len(met) == 1:
            kill(self, id_)

    patch.setattr(Redis, "client_kill_filter", kill_one)


def keep_talking(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Proxy, "go_silent", nothing)
    patch.setattr("lab.faults.network.NOTICED_WITHIN", SOON)


def swallow_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Proxy, "swallow_reply", nothing)


def bear_all(patch: pytest.MonkeyPatch) -> None:
    """Redis never cuts off a subscriber that does not read."""
    patch.setitem(SCENARIOS, "stuck", replace(SCENARIOS["stuck"], redis_options=()))
    patch.setattr(Overflowed, "within", SOON)


def freeze_nothing(patch: pytest.MonkeyPatch) -> None:
    gets = Consumer.gets

    def gets_all_but_stop(self: Consumer, number: Signals) -> None:
        if number != Signals.SIGSTOP:
            gets(self, number)

    patch.setattr(Consumer, "gets", gets_all_but_stop)


def kill_only_the_group(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Consumer, "kill", lambda self: super(Consumer, self).kill())


def make_immune(patch: pytest.MonkeyPatch) -> None:
    """The poison kills nobody."""
    consumer = Ours.consumer
    patch.setattr(Ours, "consumer", lambda self, one: consumer(self, replace(one, fragile=False)))
    patch.setattr(
        "lab.faults.poison.wait_until",
        lambda check, within: wait_until(check, min(within, SOON)),
    )


MUTANTS: list[tuple[str, str, Disarm, str]] = [
    ("cut", "prodcons", cut_nothing, "CLIENT KILL did not meet a connection of each."),
    ("cut", "pubsub", cut_another, "CLIENT KILL did not meet a connection of each."),
    ("half-open", "prodcons", keep_talking, "The line of listener-1 did not go silent."),
    ("lost-push", "pubsub", swallow_nothing, "No such reply was seen, so none was lost."),
    ("lost-pop", "prodcons", swallow_nothing, "No such reply was seen, so none was lost."),
    ("lost-ack", "reliable", swallow_nothing, "No such reply was seen, so none was lost."),
    ("stuck", "pubsub", bear_all, "Redis did not cut it off."),
    ("frozen", "reliable", freeze_nothing, "The listener did not freeze."),
    ("poison", "prodcons", make_immune, "The poison killed nobody."),
]


@pytest.mark.heavy
@pytest.mark.parametrize(("scenario", "pattern", "disarm", "reason"), MUTANTS)
def test_a_run_whose_fault_did_not_happen_says_nothing(
    scenario: str,
    pattern: str,
    disarm: Disarm,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Injection, "within", SOON)
    disarm(monkeypatch)
    assert_is(play(scenario, pattern, tmp_path, monkeypatch, "invalid"), "invalid", reason)


@pytest.mark.heavy
def test_a_kill_that_leaves_a_child_alive_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Injection, "within", SOON)
    kill_only_the_group(monkeypatch)
    child = planted("prodcons", "telling.truly").removeprefix("exec ")
    told = play(
        "killed", "prodcons", tmp_path, monkeypatch, "invalid", listener=f"setsid {child} & wait"
    )
    assert left_behind(tmp_path)
    assert_is(told, "invalid", "did not die.")
