"""The lab finds listeners that lose, repeat or hold back messages: its own track record."""

import shlex
import sys
from pathlib import Path

import pytest

from lab.job import Job, Settings
from lab.scenarios import SCENARIOS
from patterns import COMPARED
from tests.lab_runs import compare, made


def faulty(pattern: str, fault: str, *options: str) -> str:
    """The command of a listener with a fault, for --listener."""
    python = shlex.quote(sys.executable)
    own = COMPARED[pattern]
    more = " ".join([*options, *own.listener_options('"$NAME"')])
    return f'exec {python} -m tests.faulty {own.script} {fault} --json --name "$NAME" {more}'


@pytest.mark.heavy
@pytest.mark.parametrize("pattern", ["reliable", "stream"])
def test_who_acknowledges_first_and_works_after_is_caught_within_20_kills(
    pattern: str, tmp_path: Path
) -> None:
    listener = faulty(pattern, "early", "--work", "0.02")
    told = made(Job("killed", pattern, Settings(kills=20, listener=listener)), tmp_path)
    assert told["verdict"] == "broken"
    assert told["figures"]["lost"] > 0


# What a scenario cannot find fault with, it would also miss in a pattern.
NOT_FOR_ANY_LISTENER = {"poison", "stuck", "restart-none"}


@pytest.mark.heavy
def test_each_scenario_fails_when_messages_are_lost(tmp_path: Path) -> None:
    names = [name for name in SCENARIOS if name not in NOT_FOR_ANY_LISTENER]
    options = [word for name in names for word in ("--scenario", name)]
    listener = faulty("reliable", "lose")
    cells = compare(
        tmp_path, *options, "--quick", "--pattern", "reliable", "--listener", listener, code=1
    )
    kept = [name for name in names if cells[name, "reliable"]["verdict"] != "broken"]
    assert not kept


@pytest.mark.heavy
@pytest.mark.parametrize("fault", ["lose", "twice", "invent"])
@pytest.mark.parametrize("pattern", COMPARED)
def test_each_fault_is_found_in_each_pattern(pattern: str, fault: str, tmp_path: Path) -> None:
    told = made(
        Job("steady", pattern, Settings(quick=True, listener=faulty(pattern, fault))), tmp_path
    )
    assert told["verdict"] == "broken"
    name = {"lose": "lost", "twice": "duplicated", "invent": "unexpected"}[fault]
    found = {n: told["figures"][n] for n in ("lost", "duplicated", "unexpected")}
    assert {n for n, count in found.items() if count} == {name}


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("scenario", "pattern", "fault"),
    [("stuck", "pubsub", "lose"), ("restart-none", "prodcons", "twice")],
)
def test_a_fault_is_found_where_much_may_be_lost(
    scenario: str, pattern: str, fault: str, tmp_path: Path
) -> None:
    settings = Settings(quick=True, listener=faulty(pattern, fault))
    assert made(Job(scenario, pattern, settings), tmp_path)["verdict"] == "broken"


@pytest.mark.heavy
def test_a_poison_that_is_never_put_aside_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.systems.FRAGILE", "tests.undying")
    told = made(Job("poison", "reliable", Settings()), tmp_path)
    assert told["verdict"] == "broken"
    assert any("and not 3" in sentence for sentence in told["broken"]), told["broken"]
