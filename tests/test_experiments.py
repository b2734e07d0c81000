"""What ticks an experiment, and what does not."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[[str, str, Any], Any]


def figures(**changed: Any) -> dict[str, Any]:
    nothing = {"sent": 0, "received": 0, "waiting": 0, "unheard": 0, "there": 0, "listeners": []}
    return {**nothing, **changed}


def listener(name: str, **changed: Any) -> dict[str, Any]:
    return {"id": name, "state": "waiting", "received": 0, "missed": 0, **changed}


def seen(run: Run, *states: dict[str, Any], moves: list[dict[str, Any]] | None = None) -> list[str]:
    """The experiments that are done after these states, one after the other."""
    full = [
        {
            "redis": state.get("redis", "up"),
            "run_id": state.get("run_id", "a"),
            "at": at,
            "patterns": {
                "prodcons": state.get("queue", figures()),
                "pubsub": state.get("channel", figures()),
            },
        }
        for at, state in enumerate(states)
    ]
    body = """
      const experiments = new m.Experiments("prodcons", "pubsub");
      const done = given.full.slice(1).flatMap((now, i) =>
        experiments.see(given.full[i], now, given.moves[i] ?? {}));
      return [...new Set(done)];"""
    done: list[str] = run("front/experiments", body, {"full": full, "moves": moves or []})
    return done


NOBODY = [
    {},
    {"queue": figures(sent=5, waiting=5), "channel": figures(sent=5, unheard=5)},
    {
        "queue": figures(sent=5, received=5, there=1),
        "channel": figures(sent=5, unheard=5, there=1),
    },
]


def test_nobody_needs_all_three_steps(run: Run) -> None:
    assert seen(run, *NOBODY) == ["nobody"]
    assert seen(run, *NOBODY[:2]) == []
    assert seen(run, NOBODY[1], NOBODY[2]) == []  # was not seen to be sent
    kept = [{**state, "channel": figures()} for state in NOBODY]
    assert seen(run, *kept) == []
    unknown = {**NOBODY[1], "queue": figures(sent=5)}  # that they wait, or who took them
    assert seen(run, NOBODY[0], unknown, *NOBODY[1:]) == ["nobody"]
    assert seen(run, *NOBODY[:2], unknown, NOBODY[2]) == ["nobody"]
    # A page that lags learns at once that nobody heard it and that somebody came.
    late = [{**state, "channel": NOBODY[2]["channel"]} for state in NOBODY[1:]]
    assert seen(run, NOBODY[0], *late) == ["nobody"]
    another = {**NOBODY[2], "queue": figures(sent=6, received=1, there=1)}
    assert seen(run, *NOBODY[:2], unknown, another) == []  # the queue was emptied
    assert seen(run, *NOBODY[:2], {}, NOBODY[2]) == []  # the figures were reset


def three(received: int, sent: int) -> dict[str, Any]:
    each = [listener(name, received=received) for name in "abc"]
    both = figures(there=3, listeners=each, sent=sent, received=3 * received)
    return {"queue": both, "channel": both}


def test_a_third_needs_two_before_and_a_message_after(run: Run) -> None:
    two = {"queue": figures(there=2), "channel": figures(there=2)}
    assert seen(run, two, three(0, 0), three(1, 1)) == ["third"]
    assert seen(run, two, three(0, 0)) == []
    assert seen(run, three(0, 0), three(1, 1)) == []
    assert seen(run, two, three(0, 0), two, three(1, 1)) == []  # it went before anything was sent
    zeroed = [two, three(5, 5), three(0, 0), three(1, 1)]
    assert seen(run, *zeroed) == ["third"]
    deaf = three(0, 1)
    assert seen(run, two, three(0, 0), {**three(1, 1), "channel": deaf["channel"]}) == []


def test_a_stop_needs_a_burst_and_one_that_works(run: Run) -> None:
    def state(sent: int, there: list[dict[str, Any]]) -> dict[str, Any]:
        present = sum(one["state"] != "gone" for one in there)
        both = figures(sent=sent, listeners=there, there=present)
        return {"queue": both, "channel": both}

    busy, idle = (listener("a", state=kind, received=3) for kind in ("working", "waiting"))
    gone = listener("a", state="gone", received=3)
    assert seen(run, state(0, [busy]), state(1000, [busy]), state(1000, [])) == ["stop"]
    assert seen(run, state(0, [busy]), state(1000, [busy]), state(1000, [gone])) == ["stop"]
    assert seen(
        run, state(0, [busy]), state(1000, [busy]), state(1000, [idle]), state(1000, [])
    ) == ["stop"]
    assert seen(run, state(0, [busy]), state(1, [busy]), state(1, [])) == []
    over = [state(0, [busy]), *[state(1000, [busy])] * 5]
    assert seen(run, *over, state(1001, [busy]), state(1001, [])) == []
    assert seen(run, state(0, [busy]), state(1000, [busy]), state(1000, [listener("b")])) == []
    assert seen(run, state(0, [idle]), state(1000, [idle]), state(1000, [])) == []


@pytest.mark.parametrize(
    ("waiting", "there", "taken", "done"),
    [
        (9, 1, ["web-1-9", "web-1-8"], ["order"]),
        (9, 1, ["web-1-8", "web-1-9"], []),
        (0, 1, ["web-1-9", "web-1-8"], []),
        (9, 1, ["web-1-9", "web-2-8", None], []),
        (9, 2, ["web-1-9", "web-1-8"], []),
    ],
)
def test_the_order_needs_a_step_back_of_one_sender(
    waiting: int, there: int, taken: list[str | None], done: list[str], run: Run
) -> None:
    state = {"queue": figures(waiting=waiting, there=there)}
    moves = [{"prodcons": {"taken": [[one, "7", "listener"] for one in taken]}}]
    assert seen(run, state, state, moves=moves) == done


def test_a_restart_needs_another_redis_that_is_up(run: Run) -> None:
    away, other = {"redis": "away"}, {"run_id": "b"}
    assert seen(run, {}, away, away, other) == ["restart"]
    assert seen(run, {}, away, {}) == []  # the same as before
    assert seen(run, {}, {**away, **other}) == []
    assert seen(run, {"run_id": ""}, {}) == []  # it was away before we came
