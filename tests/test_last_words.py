"""What became of the last messages: what was told of them, and nothing beyond."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.steps import CHANNEL, GROUPS, KEPT, NONE, QUEUE, SAID, TWO, figures, listener, step

Run = Callable[..., Any]


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
