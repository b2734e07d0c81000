"""Known answers must come out of the lab."""

import json
from pathlib import Path

import pytest

from lab.history.files import read_history, read_sent
from lab.job import Job, Settings
from lab.judging.fates import account
from lab.making import make
from lab.report.result import check
from lab.run import Run
from lab.systems import Listener
from lab.workloads import Load
from patterns import COMPARED
from starting.ports import free_port
from starting.process import wait_until
from tests.lab_runs import compare, made


@pytest.mark.parametrize(
    "pattern", ["prodcons", "reliable", pytest.param("stream", marks=pytest.mark.heavy)]
)
def test_a_backlog_comes_out_as_a_stack_or_as_a_queue(pattern: str, tmp_path: Path) -> None:
    told = made(Job("order-one", pattern, Settings()), tmp_path)
    order = "newest first" if pattern == "prodcons" else "oldest first"
    assert (told["words"], told["broken"]) == (f"kept all, {order}", [])
    assert told["verdict"] == "kept"


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
    ours = made(Job("lost-push", pattern, Settings()), tmp_path / "ours")
    plain = made(Job("lost-push", pattern, Settings(client="plain")), tmp_path / "plain")
    listeners = 2 if COMPARED[pattern].everyone_hears else 1
    pushed = ours["figures"]["unknown"]  # in one push, with what was due together on a busy machine
    assert pushed >= 1
    assert ours["figures"]["duplicated"] == 0
    assert ours["figures"]["recovered"] == pushed * listeners
    assert plain["figures"]["unknown"] == 0
    assert plain["figures"]["duplicated"] in range(listeners, 60, listeners)
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
    assert told["verdict"] == "kept", told["broken"]
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
    told = made(Job("killed", "prodcons", Settings(kills=6)), tmp_path)
    assert told["verdict"] in ("kept", "allowed")
    assert told["figures"]["lost"] <= 6


@pytest.mark.heavy
def test_the_poison_is_known_whatever_the_seed_is(tmp_path: Path) -> None:
    told = made(Job("poison", "reliable", Settings(seed=2001)), tmp_path)
    assert (told["verdict"], told["broken"]) == ("kept", [])
