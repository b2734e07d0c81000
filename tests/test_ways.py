"""The ways that need no library: each takes a piece of work, and tells what became of it."""

from threading import Event as Signal

import pytest
from redis import Redis

from jobs import notes
from jobs.arguments import ArgumentsError
from jobs.asking import ask, way_named
from jobs.tasks import TASKS
from jobs.ways import WAYS
from jobs.ways.pool import PLACES, THREADS, Pool
from jobs.ways.way import FullError, NotPossibleError
from jobs.work import State
from tests.at_work import ended
from tests.processes import eventually

BY_HAND = ("inline", "thread", "pool", "list")
HALT = Signal()  # for whom a task waits that a test defines


def halted() -> str:
    """Wait until the test allows it to end."""
    HALT.wait(30)
    return "went on"


@pytest.fixture
def halting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that lasts until the test says so."""
    HALT.clear()
    monkeypatch.setitem(TASKS, "halted", halted)


@pytest.mark.usefixtures("list_worker")
@pytest.mark.parametrize("name", BY_HAND)
@pytest.mark.parametrize(
    ("task", "given", "state", "word"),
    [
        ("wait", {"seconds": "0.05"}, State.SUCCESS, "Waited 0.05 s."),
        ("fail", {}, State.FAILURE, "It was told to fail."),
    ],
)
def test_a_piece_is_done_or_fails_and_says_so(
    redis: Redis, name: str, task: str, given: dict[str, str], state: State, word: str
) -> None:
    piece = ended(redis, ask(redis, WAYS[name], task, given))
    assert [one.state for one in piece.events] == [State.STARTED, state]
    assert (piece.last.outcome or piece.last.why) == word
    assert piece.work.asked <= piece.events[0].at <= piece.last.at
    assert piece.last.at - piece.events[0].at >= float(given.get("seconds", 0))
    assert piece.last.worker.startswith("worker-" if name == "list" else "web-")


@pytest.mark.parametrize("name", BY_HAND)
def test_what_cannot_be_asked_for_is_refused_and_nothing_is_noted(redis: Redis, name: str) -> None:
    with pytest.raises(ArgumentsError, match="seconds: a number from 0 to 60"):
        ask(redis, WAYS[name], "wait", {"seconds": "61"})
    with pytest.raises(NotPossibleError, match=f"{name} cannot do a piece later; these can: .*rq"):
        ask(redis, WAYS[name], "wait", {}, delay=1)
    assert not notes.latest(redis, name)
    assert not redis.keys("task:jobs:piece:*")


def test_a_way_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotPossibleError, match="no way «post», only inline, thread, pool, list"):
        way_named("post")


@pytest.mark.usefixtures("halting")
def test_who_asks_waits_inline_and_nowhere_else(redis: Redis) -> None:
    for name in ("thread", "pool", "list"):
        assert not ask(redis, WAYS[name], "halted", {}).state.is_final
    HALT.set()
    assert ask(redis, WAYS["inline"], "halted", {}).state is State.SUCCESS
    for name in ("thread", "pool"):
        ended(redis, notes.latest(redis, name)[0])


@pytest.mark.usefixtures("halting")
def test_a_full_pool_refuses_and_has_room_again(redis: Redis) -> None:
    pool = Pool()
    taken = [ask(redis, pool, "halted", {}) for _ in range(THREADS + PLACES)]
    with pytest.raises(FullError, match=f"{THREADS} pieces in hand and {PLACES} waiting"):
        ask(redis, pool, "halted", {})
    assert pool.waiting(redis) == PLACES
    refused = notes.latest(redis, "pool")[0]
    assert (refused.state, refused.last.worker) == (State.FAILURE, "")
    eventually(
        lambda: (
            sum(piece.state is State.STARTED for piece in notes.latest(redis, "pool")) == THREADS
        )
    )
    HALT.set()
    for piece in taken:
        assert ended(redis, piece).state is State.SUCCESS
    eventually(lambda: pool.waiting(redis) == 0)
    assert ended(redis, ask(redis, pool, "halted", {})).state is State.SUCCESS


def test_five_threads_work_at_once_and_a_pool_takes_turns(redis: Redis) -> None:
    for name, most in (("thread", 5), ("pool", THREADS)):
        pieces = [ask(redis, WAYS[name], "wait", {"seconds": 0.3}) for _ in range(5)]
        done = [ended(redis, piece) for piece in pieces]
        first_end = min(piece.last.at for piece in done)
        begun = [piece for piece in done if piece.events[0].at < first_end]
        assert len(begun) == most


def test_what_is_noted_expires_after_a_day(redis: Redis) -> None:
    ask(redis, WAYS["inline"], "wait", {"seconds": 0})
    keys = [key for key in redis.keys("task:jobs:*") if b"present" not in key]
    keys.remove(b"task:jobs:names")  # which are forgotten when they are gone
    assert len(keys) == 2
    assert all(24 * 3600 - 60 < redis.ttl(key) <= 24 * 3600 for key in keys)
