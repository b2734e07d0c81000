"""Known answers must come out of the lab, and each fault that is planted must be found."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from lab.history.files import read_history, read_sent
from lab.job import Job, Settings
from lab.judging.fates import account
from lab.pool import make
from lab.report.result import check
from lab.run import Run
from lab.scenarios import SCENARIOS
from lab.systems import Listener
from lab.workloads import Load
from patterns import COMPARED
from starting.ports import free_port
from starting.process import wait_until
from tests.processes import Process

Told = dict[str, Any]


def compare(tmp_path: Path, *options: str, code: int, within: float = 150) -> dict[Any, Told]:
    """The cells by scenario and pattern of a run of the lab, which must end with this code."""
    command = [sys.executable, "-m", "lab.compare", "--results", str(tmp_path), *options]
    process = Process(command)
    try:
        process.ended(within)
    finally:
        process.kill()
    assert process.popen.returncode == code, process.text
    cells = json.loads((tmp_path / "summary.json").read_text())["cells"]
    return {(cell["scenario"], cell["pattern"]): cell for cell in cells}


def faulty(pattern: str, fault: str, *options: str) -> str:
    """The command of a listener with a fault, for --listener."""
    python = shlex.quote(sys.executable)
    own = COMPARED[pattern]
    more = " ".join([*options, *own.listener_options('"$NAME"')])
    return f'exec {python} -m tests.faulty {own.script} {fault} --json --name "$NAME" {more}'


@pytest.mark.parametrize("pattern", ["prodcons", "reliable", "stream"])
def test_a_backlog_comes_out_as_a_stack_or_as_a_queue(pattern: str, tmp_path: Path) -> None:
    told = make(Job("order-one", pattern, Settings()), tmp_path)
    order = "newest first" if pattern == "prodcons" else "oldest first"
    assert (told["verdict"], told["words"]) == ("kept", f"kept all, {order}")


@pytest.mark.heavy
def test_a_subscriber_that_is_away_for_a_second_misses_exactly_what_is_sent_in_it(
    tmp_path: Path,
) -> None:
    some = Load(rate=100, least=50)
    with Run(COMPARED["pubsub"], Settings(), tmp_path) as run:
        run.consumers.start(Listener("stays"), Listener("goes"))
        run.begin()
        run.producer.send(some)
        assert wait_until(run.consumers.is_quiet, 5)
        run.consumers.stop("goes")
        before = read_sent(tmp_path)[0]
        run.producer.send(Load(rate=100, least=100, seed=2))
        during = read_sent(tmp_path)[0]
        run.consumers.bring_back("goes")
        run.producer.start(some)
        run.drain(15)
        run.finish()
    told = account(read_history(tmp_path)).by_name
    assert told["stays"].lost == []
    assert told["goes"].lost == [one.id for one in during[len(before) :]]
    assert len(told["goes"].lost) == 100


@pytest.mark.heavy
@pytest.mark.parametrize("pattern", ["prodcons", "reliable", "stream", "pubsub"])
def test_a_push_whose_reply_was_lost_is_stored_once_by_us_and_twice_by_the_plain_client(
    pattern: str, tmp_path: Path
) -> None:
    (tmp_path / "plain").mkdir()
    ours = make(Job("lost-push", pattern, Settings()), tmp_path)
    plain = make(Job("lost-push", pattern, Settings(client="plain")), tmp_path / "plain")
    listeners = 2 if COMPARED[pattern].everyone_hears else 1
    assert (ours["figures"]["unknown"], ours["figures"]["duplicated"]) == (1, 0)
    assert ours["figures"]["recovered"] == listeners
    assert (plain["figures"]["unknown"], plain["figures"]["duplicated"]) == (0, listeners)
    assert (ours["verdict"], plain["verdict"]) == ("kept", "broken")


def test_a_port_that_another_run_took_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    port = free_port()
    ports = iter([port, port, free_port()])
    monkeypatch.setattr("starting.parts.free_port", lambda: next(ports))
    runs = (Run(COMPARED["prodcons"], Settings(), folder) for folder in folders)
    with next(runs) as first, next(runs) as second:
        ids = {run.server.redis.info("server")["run_id"] for run in (first, second)}
        assert len(ids) == 2


def test_a_stored_run_is_judged_again_from_what_its_folder_holds(tmp_path: Path) -> None:
    told = make(Job("late", "pubsub"), tmp_path)
    assert check(tmp_path) == told
    assert told["verdict"] == "kept"
    log = tmp_path / "listener-1.jsonl"
    lines = log.read_bytes().splitlines()
    forgotten = json.loads(lines[-50])["id"]
    lines[-50] = b" " * len(lines[-50])  # so that the rest stays where the lab has seen it
    log.write_bytes(b"\n".join(lines) + b"\n")
    assert check(tmp_path)["broken"] == [f"1 lost, which nothing excuses: {forgotten}."]


@pytest.mark.heavy
def test_100_kills_lose_nothing_of_what_is_acknowledged_when_it_is_done(tmp_path: Path) -> None:
    cells = compare(tmp_path, "--kills", "100", code=0, within=300)
    for pattern in ("reliable", "stream"):
        assert cells["killed", pattern]["figures"]["lost"]["high"] == 0
        assert cells["killed", pattern]["figures"]["attempted"]["low"] > 1_500


@pytest.mark.heavy
def test_kills_lose_at_most_the_message_in_hand_of_a_queue(tmp_path: Path) -> None:
    told = make(Job("killed", "prodcons", Settings(kills=6)), tmp_path)
    assert told["verdict"] in ("kept", "allowed")
    assert told["figures"]["lost"] <= 6


@pytest.mark.heavy
@pytest.mark.parametrize("pattern", ["reliable", "stream"])
def test_who_acknowledges_first_and_works_after_is_caught_within_20_kills(
    pattern: str, tmp_path: Path
) -> None:
    listener = faulty(pattern, "early", "--work", "0.02")
    told = make(Job("killed", pattern, Settings(kills=20, listener=listener)), tmp_path)
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
    told = make(
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
    assert make(Job(scenario, pattern, settings), tmp_path)["verdict"] == "broken"


@pytest.mark.heavy
def test_a_poison_that_is_never_put_aside_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.systems.FRAGILE", "tests.undying")
    told = make(Job("poison", "reliable", Settings()), tmp_path)
    assert told["verdict"] == "broken"
    assert any("and not 3" in sentence for sentence in told["broken"]), told["broken"]


@pytest.mark.heavy
def test_the_poison_is_known_whatever_the_seed_is(tmp_path: Path) -> None:
    told = make(Job("poison", "reliable", Settings(seed=2001)), tmp_path)
    assert (told["verdict"], told["broken"]) == ("kept", [])
