"""What became of the last messages: what was told of them, and nothing beyond."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]

# Hands each step (figures, moves, seconds that pass) to a column's list, and returns what it says.
SAID = """
  let now = 0;
  const fates = new m.Fates(given.declares, () => now);
  for (const step of given.steps) {
    now += (step.after ?? 0) * 1000;
    if (step.unknown) fates.hearUnknown(...step.unknown);
    else fates.hear(step.figures, step.moves, step.run);
  }
  return fates.last().map((one) => [one.body, fates.words(one)]);
"""
QUEUE = {"hears": "one"}
KEPT = {"hears": "one", "redelivers": ""}
CHANNEL = {"hears": "each"}
GROUPS = {"hears": "one_of_each_group", "redelivers": ""}


def figures(sent: int, received: int = 0, waiting: int = 0, **more: Any) -> dict[str, Any]:
    common = {"sent": sent, "received": received, "waiting": waiting, "newest": []}
    return {**common, "elsewhere": 0, "earlier": 0, "unknown": 0, **more}


def listener(name: str, state: str = "waiting", in_hand: list[str] | None = None) -> dict[str, Any]:
    return {"id": f"id-{name}", "name": name, "state": state, "in_hand": in_hand}


TWO: Any = {"listeners": [listener("a"), listener("b")]}
NONE: Any = {"listeners": []}


def step(
    told: dict[str, Any], sent: Any = (), taken: Any = (), after: float = 0, **more: Any
) -> dict[str, Any]:
    """Messages are called by their number; `sent` has how many each reached, None for a queue."""
    moves = {
        "sent": [[f"w-{n}", str(n), reached] for n, reached in sent],
        "taken": [[f"w-{n}", str(n), f"id-{by}"] for n, by in taken],
    }
    return {"figures": told, "moves": moves, "after": after, **more}


HELD = listener("a", "working", ["w-1", "1"])
DEAD = listener("a", "gone", ["w-1", "1"])


@pytest.mark.parametrize(
    ("declares", "steps", "words"),
    [
        (QUEUE, [step(figures(1, 1, **TWO), [(1, None)], [(1, "a")])], "taken by a"),
        (QUEUE, [step(figures(1, 0, 1, **NONE), [(1, None)])], "waiting"),
        # It was seen among those that come next, whatever else waits.
        (QUEUE, [step(figures(1, 0, 9, newest=[["w-1", "1"]], **NONE), [(1, None)])], "waiting"),
        # Others wait as well, so it may wait or be with somebody who did not tell yet.
        (QUEUE, [step(figures(1, 0, 9, newest=[["x-1", "1"]], **TWO), [(1, None)])], "sent"),
        (QUEUE, [step(figures(1, 0, 0, **TWO), [(1, None)])], "sent"),
        (
            QUEUE,
            [step(figures(1, 0, 0, **TWO), [(1, None)]), step(figures(1, **TWO), after=2.1)],
            "waits no longer; who took it was not told",
        ),
        (
            QUEUE,
            [
                step(figures(1, 0, 1, **NONE), [(1, None)], run="a"),
                step(figures(1, **NONE), after=2.1, run="b"),
            ],
            "waits no longer: Redis was restarted",
        ),
        (  # one that keeps on disk what waits
            QUEUE,
            [
                step(figures(1, 0, 1, **NONE), [(1, None)], run="a"),
                step(figures(1, 0, 1, **NONE), after=2.1, run="b"),
            ],
            "waiting",
        ),
        (  # sent after the restart
            QUEUE,
            [
                step(figures(0, **NONE), run="a"),
                step(figures(0, **NONE), run="b"),
                step(figures(1, **TWO), [(1, None)], run="b"),
                step(figures(1, **TWO), after=2.1, run="b"),
            ],
            "waits no longer; who took it was not told",
        ),
        (
            QUEUE,
            [
                step(figures(1, listeners=[HELD]), [(1, None)], [(1, "a")]),
                step(figures(1, listeners=[DEAD])),
            ],
            "taken by a and lost with it",
        ),
        (  # it was only silent for a while
            QUEUE,
            [
                step(figures(1, listeners=[HELD]), [(1, None)], [(1, "a")]),
                step(figures(1, listeners=[DEAD])),
                step(figures(1, listeners=[HELD])),
            ],
            "taken by a",
        ),
        (  # what is not told any more stays as it was told
            QUEUE,
            [
                step(figures(1, listeners=[HELD]), [(1, None)], [(1, "a")]),
                step(figures(1, listeners=[DEAD])),
                step(figures(1, listeners=[])),
            ],
            "taken by a and lost with it",
        ),
        (
            KEPT,
            [
                step(figures(1, listeners=[HELD]), [(1, None)], [(1, "a")]),
                step(figures(1, listeners=[DEAD])),
            ],
            "taken by a, which is gone: another one takes it over",
        ),
        (
            KEPT,
            [
                step(figures(1, listeners=[HELD]), [(1, None)], [(1, "a")]),
                step(figures(1, dead=1, aside=[("w-1", "1")], listeners=[DEAD])),
            ],
            "taken by a, and then put aside as a dead letter",
        ),
        (
            KEPT,
            [
                step(figures(1, listeners=[HELD]), [(1, None)], [(1, "a")]),
                step(figures(1, 1, redelivered=1, **TWO), taken=[(1, "b")]),
            ],
            "twice: taken by a, then by b",
        ),
        (
            KEPT,
            [step(figures(1, 1, redelivered=2, **TWO), taken=[(1, "b"), (1, "a"), (1, "b")])],
            "3 times: taken by b, then by a, then by b",
        ),
        (CHANNEL, [step(figures(1, **NONE), [(1, 0)])], "gone: heard by nobody"),
        (CHANNEL, [step(figures(1, **TWO), [(1, 2)])], "sent to 2 listeners"),
        (CHANNEL, [step(figures(1, **TWO), [(1, 1)])], "sent to 1 listener"),
        (CHANNEL, [step(figures(1, 1, **TWO), [(1, 2)], [(1, "b")])], "sent to 2, heard by b"),
        (
            CHANNEL,
            [step(figures(1, 2, **TWO), [(1, 2)], [(1, "b"), (1, "a")])],
            "heard by b, a",
        ),
        (
            CHANNEL,
            [step(figures(1, 2, **TWO), [(1, 2)], [(1, "a"), (1, "somebody")])],
            "heard by a, another listener",
        ),
        (GROUPS, [step(figures(1, 1, groups=2, **TWO), [(1, None)], [(1, "a")])], "taken by a"),
        (
            GROUPS,
            [step(figures(1, 2, groups=2, **TWO), [(1, None)], [(1, "a"), (1, "b")])],
            "taken by a, b",
        ),
        (
            GROUPS,
            [step(figures(1, 2, groups=1, **TWO), [(1, None)], [(1, "a"), (1, "b")])],
            "twice: taken by a, then by b",
        ),
        (
            QUEUE,
            [step(figures(0, unknown=1, **NONE)), {"unknown": ["w", 1, ["1"]]}],
            "unknown: the reply was lost",
        ),
        (
            QUEUE,
            [
                {"unknown": ["w", 1, ["1"]]},
                step(figures(0, 0, 1, unknown=1, newest=[["w-1", "1"]], **NONE)),
            ],
            "reply lost, and yet waiting",
        ),
        (
            QUEUE,
            [{"unknown": ["w", 1, ["1"]]}, step(figures(0, 1, unknown=1, **TWO), taken=[(1, "a")])],
            "reply lost, and yet taken by a",
        ),
        (
            CHANNEL,
            [{"unknown": ["w", 1, ["1"]]}, step(figures(0, 1, unknown=1, **TWO), taken=[(1, "a")])],
            "reply lost, and yet heard by a",
        ),
    ],
)
def test_the_words_say_what_was_told(declares: object, steps: Any, words: str, run: Run) -> None:
    said = run("live/fates", SAID, {"declares": declares, "steps": steps})
    assert said == [["1", words]]


def test_those_listed_are_the_last_that_were_told_of(run: Run) -> None:
    sends = step(figures(20, 0, 20, **TWO), [(n, None) for n in range(1, 21)])
    said = run("live/fates", SAID, {"declares": QUEUE, "steps": [sends]})
    assert said == [[str(n), "waiting"] for n in range(20, 8, -1)]
    takes = step(figures(20, 2, 18, **TWO), taken=[(1, "a"), (20, "b")])
    said = run("live/fates", SAID, {"declares": QUEUE, "steps": [sends, takes]})
    assert said[0] == ["1", "taken by a"]  # it was not listed any more
    assert said[1] == ["20", "taken by b"]
    assert [body for body, _ in said[2:]] == [str(n) for n in range(19, 9, -1)]


def test_they_stand_in_the_order_of_sending_whoever_tells_first(run: Run) -> None:
    takes = step(figures(0, 3, **TWO), taken=[(2, "a"), (3, "a"), (1, "b")])
    sends = step(figures(3, 3, **TWO), [(n, None) for n in (1, 2, 3)])
    said = run("live/fates", SAID, {"declares": QUEUE, "steps": [takes, sends]})
    assert said == [["3", "taken by a"], ["2", "taken by a"], ["1", "taken by b"]]


def test_after_a_reset_the_list_begins_again(run: Run) -> None:
    steps = [
        step(figures(1, 1, **TWO), [(1, None)], [(1, "a")]),
        step(figures(0, 0, **TWO)),
        step(figures(1, 1, **TWO), [(2, None)], [(2, "b")]),
    ]
    assert run("live/fates", SAID, {"declares": QUEUE, "steps": steps}) == [["2", "taken by b"]]


def test_messages_of_other_programs_have_no_id(run: Run) -> None:
    told = {**figures(0, 2, **TWO), "elsewhere": 2}
    moves = {"taken": [[None, "7", "id-a"], [None, "7", "id-b"]]}
    steps = json.loads(json.dumps([{"figures": told, "moves": moves}]))
    said = run("live/fates", SAID, {"declares": QUEUE, "steps": steps})
    assert said == [[("7"), f"from another program, taken by {name}"] for name in ("b", "a")]
