"""The experiments on work are ticked by what happened, and by nothing else."""

import pytest

from jobs.work import Piece, State
from pages.jobs.experiments import computed, experiments, killed, restarted
from tests.pieces import ASKED, Told, piece

STARTED, SUCCESS = State.STARTED, State.SUCCESS
RETRY, UNKNOWN = State.RETRY, State.UNKNOWN
BEGUN: Told = (STARTED, 0.1, "worker-1")
LOST = (BEGUN, (UNKNOWN, 0.1, "worker-1"))
DONE = (BEGUN, (SUCCESS, 5.0, "worker-1"))
TWICE = ((STARTED, 0.1, "a"), (STARTED, 12.1, "b"))


def computing(way: str, took: float, count: int = 10, rounds: int = 100) -> list[Piece]:
    arguments = {"rounds": rounds}
    done = ((STARTED, 0.1, "w"), (SUCCESS, took, "w"))
    return [piece(*done, way=way, task="compute", arguments=arguments) for _ in range(count)]


def test_nothing_is_seen_of_nothing() -> None:
    assert [one.says for one in experiments({})] == ["", "", ""]


def test_a_pool_forgets_and_a_queue_does_not() -> None:
    lost, done = [piece(*LOST, way="pool")] * 5, [piece(*DONE, way="rq")] * 5
    assert restarted({"pool": lost, "rq": done}) == "pool: 5 unknown; rq: 5 done."


@pytest.mark.parametrize(
    "pieces",
    [
        {"pool": [piece(*LOST, way="pool")]},
        {"pool": [piece(*DONE, way="pool")], "list": [piece(*DONE)]},
        {"pool": [piece(*LOST, way="pool")], "list": [piece(*LOST)]},
        {"pool": [piece(*LOST, way="pool")], "list": [piece(*DONE, asked=ASKED + 61)]},
        {"pool": [piece(*LOST, way="pool")], "inline": [piece(*DONE, way="inline")]},
        # It was done before the other was begun.
        {"pool": [piece(*LOST, asked=ASKED + 30)], "list": [piece(*DONE)]},
    ],
)
def test_no_restart_is_seen_where_there_was_none(pieces: dict[str, list[Piece]]) -> None:
    assert restarted(pieces) == ""


def test_what_a_killed_worker_had_is_lost_or_comes_back() -> None:
    assert killed({"list": [piece(*LOST)]}) == "list: lost by worker-1, nobody does it again."
    assert killed({"rq": [piece(*TWICE, way="rq")]}) == "rq: begun again after 12.0 s."
    both = killed({"list": [piece(*LOST)], "celery": [piece(*TWICE)]})
    assert both == (
        "list: lost by worker-1, nobody does it again; celery: begun again after 12.0 s."
    )


@pytest.mark.parametrize(
    "pieces",
    [
        {"list": [piece(*DONE)], "rq": [piece(*DONE)]},
        {"pool": [piece(*LOST)]},
        {"rq": [piece(BEGUN, (RETRY, 0.2, "a"), (STARTED, 1.2, "a"))]},  # it failed by itself
        {"rq": [piece(BEGUN)], "celery": [piece()]},
    ],
)
def test_no_killing_is_seen_where_there_was_none(pieces: dict[str, list[Piece]]) -> None:
    assert killed(pieces) == ""


def test_threads_and_processes_compute() -> None:
    pieces = {"pool": computing("pool", 10.2, 12), "celery": computing("celery", 5.3)}
    assert computed(pieces) == "pool: ten in 10.2 s; celery: ten in 5.3 s."


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"rq": computing("rq", 5.0, count=9)},
        {"rq": computing("rq", 5.0, rounds=7)},
        {"list": computing("list", 5.0)},
        {"rq": [piece(*DONE, way="rq")] * 10},
        {
            "rq": [
                *computing("rq", 5.0, count=9),
                piece(*DONE, task="compute", arguments={"rounds": 100}, asked=ASKED - 600),
            ]
        },
    ],
)
def test_no_comparison_is_seen_where_there_was_none(others: dict[str, list[Piece]]) -> None:
    assert computed({"pool": computing("pool", 10.2), **others}) == ""
