"""Listeners that take, keep or leave messages wrongly, and what the judge must say of each."""

import shlex
from pathlib import Path

import pytest

from tests.planted import Row, assert_is, left_behind, planted, play

NOTHING = "received nothing within 2 s after a fault"
TWICE = "received again, which nothing excuses"
WAITED = "still waited in the end, and nobody took them"
MUTANTS: list[Row] = [
    ("steady", "reliable", "idle", "broken", "received again, which nothing excuses"),
    ("steady", "stream", "idle", "broken", "were received and never acknowledged"),
    ("burst", "prodcons", "five_then_talk", "broken", WAITED),
    ("deploy", "prodcons", "never_again", "broken", NOTHING),
    ("cut", "prodcons", "once_again", "broken", WAITED),
    ("cut", "prodcons", "push_again", "broken", TWICE),
    ("order-one", "prodcons", "any_order", "broken", "out of order (newest first)"),
    ("killed", "prodcons", "peek", "broken", TWICE),
    ("order-one", "reliable", "shelve", "broken", "put aside that kill nobody"),
    ("restart-none", "prodcons", "sweep", "broken", "lost, which nothing excuses"),
    ("deploy", "prodcons", "leave", "broken", "ended by itself"),
    ("deploy", "prodcons", "stubborn", "broken", "was stopped by SIGTERM, and it went on."),
    ("frozen", "prodcons", "insomniac", "invalid", "The listener did not freeze."),
]


@pytest.mark.heavy
@pytest.mark.parametrize(("scenario", "pattern", "plant", "verdict", "reason"), MUTANTS)
def test_how_a_listener_takes_is_judged_as_what_it_is(
    scenario: str,
    pattern: str,
    plant: str,
    verdict: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listener = planted(pattern, f"taking.{plant}")
    told = play(scenario, pattern, tmp_path, monkeypatch, verdict, listener=listener)
    assert_is(told, verdict, reason)
    assert not left_behind(tmp_path)


def in_a_shell(command: str) -> str:
    return f"sh -c {shlex.quote(command)}"


@pytest.mark.heavy
def test_two_children_that_ignore_sigterm_are_told_of_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = in_a_shell(planted("prodcons", "taking.stubborn"))
    listener = f"{child} & setsid {child} & wait"
    told = play("order-one", "prodcons", tmp_path, monkeypatch, "broken", listener=listener)
    assert_is(told, "broken", "and 2 of its processes went on.")
    assert not left_behind(tmp_path)


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("shell", "verdict", "words"),
    [
        ("(while :; do ({0}); done) & ({0}) & wait", "allowed", "in hand"),
        ("{0}", "invalid", "has no process of its own that could be killed."),
    ],
)
def test_one_child_is_killed_and_the_others_are_spared(
    shell: str, verdict: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = shell.format(planted("prodcons", "telling.truly"))
    settings = {"listener": listener, "kill_child": True}
    told = play("killed", "prodcons", tmp_path, monkeypatch, verdict, **settings)
    assert_is(told, verdict, words)
    assert not left_behind(tmp_path)


# A child in a session of its own, and one that has no parent any more.
CHILD, DAEMON = "setsid {} & wait", "(setsid {} &); exec sleep 1000"


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("scenario", "shell", "pattern", "verdict", "words"),
    [
        ("killed", CHILD, "prodcons", "allowed", "in hand"),
        ("killed", DAEMON, "reliable", "kept", "kept all"),
        ("frozen", CHILD, "prodcons", "kept", "kept all"),
        ("frozen", DAEMON, "prodcons", "kept", "kept all"),
    ],
)
def test_a_fault_meets_the_child_of_a_shell_wherever_it_lives(
    scenario: str,
    shell: str,
    pattern: str,
    verdict: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listener = shell.format(in_a_shell(planted(pattern, "telling.truly")))
    told = play(scenario, pattern, tmp_path, monkeypatch, verdict, listener=listener)
    assert_is(told, verdict, words)
    assert not left_behind(tmp_path)
