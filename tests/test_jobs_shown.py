"""What the page of work says of pieces: sentences and figures."""

import pytest

from jobs.work import Piece
from pages.jobs import figures, history, sentences
from pages.jobs.columns import Shown, address_of, read_shown
from tests.pieces import (
    AGAIN,
    ASKED,
    DONE,
    FAILED,
    IN_HAND,
    LOST,
    NOW,
    RETRY,
    STARTED,
    SUCCESS,
    UNKNOWN,
    WAITING,
    look,
    piece,
)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "under 1 ms"),
        (0.0004, "under 1 ms"),
        (0.0042, "4 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (2.04, "2.0 s"),
        (99.9, "99.9 s"),
        (180, "3 min"),
        (7200, "2 h"),
    ],
)
def test_a_duration_has_its_unit(seconds: float, text: str) -> None:
    assert history.duration(seconds) == text


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (DONE, "asked 0.0 s; begun after 4 ms by w; done after 2.0 s: Waited 2 s."),
        (IN_HAND, "asked 0.0 s; begun after 4 ms by worker-17-ab; in hand for 3.0 s."),
        (WAITING, "asked 0.0 s; waiting for 3.0 s."),
        (piece(due=60), "asked 0.0 s, for 60.0 s later; begins in 57.0 s."),
        (piece(due=2), "asked 0.0 s, for 2.0 s later; waiting for 3.0 s."),
        (FAILED, "asked 0.0 s; begun after 100 ms by w; failed after 200 ms: No."),
        (
            LOST,
            "asked 0.0 s; begun after 500 ms by worker-18-cd; unknown: It is gone.",
        ),
        (
            AGAIN,
            "asked 0.0 s; begun after 100 ms by w; failed after 200 ms, to be tried again: "
            "Not yet; to be tried again for 2.8 s.",
        ),
    ],
)
def test_all_that_happened_is_one_sentence(one: Piece, text: str) -> None:
    assert history.sentence(one, NOW) == text


def test_a_phone_number_is_shortened_wherever_it_is_shown() -> None:
    one = piece(
        (STARTED, 0.1, "w"),
        (SUCCESS, 0.2, "w"),
        task="sms_code",
        arguments={"phone": "+12025550123"},
        outcome="Sent a code to +12025550123.",
    )
    shown = [history.call(one), history.sentence(one, NOW), history.result(one)]
    shown += [str(history.arguments(one)), str(history.outcome(one))]
    assert not any("5550" in text for text in shown)
    assert all("+120…23" in text for text in shown)


def test_an_argument_is_short_in_a_list_and_a_task_of_former_times_is_shown() -> None:
    long = piece(task="no longer", arguments={"text": "a\nb" * 30, "n": 2.0})
    assert history.call(long) == f"no longer({('a b' * 30)[:24]}…, 2)"
    assert history.arguments(long)["n"] == 2.0


def test_an_outcome_of_fields_is_text_too() -> None:
    one = piece((STARTED, 0, "w"), (SUCCESS, 1, "w"), outcome={"status": 200, "title": "Hi"})
    assert history.result(one) == "status 200, title Hi"


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([], "Nothing asked for yet: here one reads how long the person waits, and for what."),
        ([DONE], "1 asked: waited 4 ms, 1 done."),
        ([DONE] * 2 + [IN_HAND] + [WAITING] * 2, "5 asked: each waited 4 ms, 2 done, 1 in hand, 2"),
        ([piece((STARTED, 0, "w"), answered=None)] * 2, "2 asked: 2 persons wait, 2 in hand."),
        ([piece(answered=0.003), piece(answered=0.005)], "2 asked: each waited 3 to 5 ms, 2 wait"),
        ([piece(answered=0.9), piece(answered=1.5)], "2 asked: each waited 900 ms to 1.5 s, 2 wai"),
        ([piece(due=60), piece(due=2)], "2 asked: each waited 4 ms, 1 waiting, 1 for later."),
        ([LOST, FAILED, AGAIN], "3 asked: each waited 4 ms, 1 to be tried again, 1 failed, 1 unkn"),
        ([piece((UNKNOWN, 0), answered=None), DONE], "2 asked: waited 4 ms, 1 done, 1 unknown."),
    ],
)
def test_what_was_asked_is_one_sentence(pieces: list[Piece], text: str) -> None:
    assert " ".join(sentences.said_of(pieces, NOW)).startswith(text)


def test_lately_is_within_a_minute_before_the_newest() -> None:
    old, new = piece(asked=ASKED), piece(asked=ASKED + 61)
    assert sentences.asked_lately([new, old]) == [new]
    assert sentences.asked_lately([DONE, old]) == [DONE, old]
    assert sentences.asked_lately([]) == []


def test_figures_count_what_became_of_the_pieces() -> None:
    twice = piece((STARTED, 0, "w"), (RETRY, 1, "w"), (STARTED, 2, "w"), (SUCCESS, 3, "w"))
    slow = piece((STARTED, 0, "w"), (SUCCESS, 2, "w"), answered=2.0)
    found = dict(figures.figures(look(DONE, IN_HAND, FAILED, LOST, AGAIN, twice, slow, waiting=7)))
    assert found["answer after: half / 99 % in, ms"] == pytest.approx([4, 2000], abs=0.01)
    assert found["outcome after: half / 99 % in, ms"] == pytest.approx([2000, 3000], abs=0.01)
    counts = {name: values[0] for name, values in found.items() if len(values) == 1}
    assert counts == {
        "in hand": 1,
        "waiting": 7,
        "done": 3,
        "failed": 1,
        "lost": 1,
        "tried again": 2,
    }
    assert figures.figures(look())[0][1] == [None, None]


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [figures.percentile(values, share) for share in (0.5, 0.99, 1.0)] == [50, 99, 100]
    assert figures.percentile([7.0], 0.99) == 7.0


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, Shown()),
        ({"left": "no", "right": "such", "task": "way"}, Shown()),
        ({"left": "list"}, Shown("list", "inline")),
        ({"right": "inline"}, Shown("list", "inline")),
        ({"left": "pool"}, Shown("pool", "list")),
        ({"right": "pool"}, Shown("inline", "pool")),
        ({"left": "pool", "right": "pool"}, Shown("pool", "list")),
        ({"left": "pool", "right": "thread", "task": "fail"}, Shown("pool", "thread", "fail")),
    ],
)
def test_any_two_ways_are_shown(asked: dict[str, str], shown: Shown) -> None:
    assert read_shown(asked) == shown
    assert read_shown(shown.query) == shown


def test_ways_change_places() -> None:
    assert Shown("pool", "list").with_way("left", "list") == Shown("list", "pool")
    assert Shown("pool", "list").with_way("right", "inline") == Shown("pool", "inline")
    assert address_of(Shown("pool", "list"), "left") == "/jobs?left=pool&right=list#left"
    assert address_of(Shown()) == "/jobs"
