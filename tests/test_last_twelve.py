"""Which messages are listed as the last, and in which order."""

import json
from collections.abc import Callable
from typing import Any

from tests.steps import QUEUE, SAID, TWO, figures, step

Run = Callable[..., Any]


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
