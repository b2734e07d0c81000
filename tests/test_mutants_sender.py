"""Runs whose sender has a planted fault, and what the judge must say of each."""

import sys
from pathlib import Path

import pytest

from lab.systems import System
from tests.planted import Row, assert_is, planted, play

NOT_SENT = "sends failed, though nothing was done to the sender."
MUTANTS: list[Row] = [
    ("steady", "pubsub", "Refuse", "invalid", NOT_SENT),
    ("deploy", "prodcons", "Refuse", "invalid", NOT_SENT),
    ("cut", "prodcons", "Refuse", "invalid", NOT_SENT),
    ("burst", "stream", "Refuse", "invalid", NOT_SENT),
    ("order-one", "prodcons", "Refuse", "invalid", NOT_SENT),
    ("steady", "prodcons", "Skip", "invalid", "messages were planned, and"),
    ("steady", "prodcons", "GiveUp", "invalid", "messages were planned, and"),
    ("order-one", "stream", "Claim", "broken", "lost, which nothing excuses"),
    ("order-one", "reliable", "Twice", "broken", "received that were never sent."),
    ("lost-push", "prodcons", "Nameless", "kept", "kept all"),
]


def plant(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the load sent by this one."""

    def producer(self: System, web: str = "", way: str = "") -> list[str]:
        way = web or way or self.client
        return [sys.executable, "-m", "tests.planted.sending", name, self.pattern.script, way]

    monkeypatch.setattr(System, "producer", producer)


@pytest.mark.heavy
@pytest.mark.parametrize(("scenario", "pattern", "name", "verdict", "reason"), MUTANTS)
def test_a_sender_with_a_fault_is_judged_as_what_it_is(
    scenario: str,
    pattern: str,
    name: str,
    verdict: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant(name, monkeypatch)
    assert_is(play(scenario, pattern, tmp_path, monkeypatch, verdict), verdict, reason)


@pytest.mark.heavy
@pytest.mark.parametrize("through_web", [False, True])
def test_what_was_invented_is_not_offset_by_a_send_whose_numbers_nobody_knows(
    through_web: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant("Nameless", monkeypatch)
    listener = planted("prodcons", "telling.invent_one")
    options = {"listener": listener, "through_web": through_web}
    told = play("lost-push", "prodcons", tmp_path, monkeypatch, "broken", **options)
    # One push, with what was due together if the machine was busy.
    assert told["figures"]["unnamed"] >= 1
    assert_is(told, "broken", "2 received that were never sent.")
