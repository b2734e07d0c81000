"""Pieces of work as bars in time, and workers as cards, from histories made by hand."""

import pytest

from jobs.ways import WAYS
from jobs.work import Piece
from pages.jobs import bars
from pages.jobs.cards import cards
from pages.jobs.looks import Look
from tests.pieces import (
    AGAIN,
    ASKED,
    DONE,
    FAILED,
    IN_HAND,
    LOST,
    NOW,
    STARTED,
    SUCCESS,
    UNKNOWN,
    WAITING,
    look,
    piece,
)


def stretches(one: Piece, scale: float = 2.82, now: float = NOW) -> list[tuple[str, float, float]]:
    """Each stretch of the work, in seconds: its kind, its begin, its end."""
    seconds = bars.full(scale) / 100
    work = bars.bar_of(one, scale, now).work
    return [(s.kind, round(s.x * seconds, 1), round((s.x + s.width) * seconds, 1)) for s in work]


def test_a_bar_has_a_stretch_for_all_that_happened() -> None:
    assert stretches(DONE) == [("waits", 0, 0.0), ("works", 0, 2.0)]
    assert stretches(IN_HAND) == [("waits", 0, 0.0), ("works", 0, 3.0)]
    assert stretches(WAITING, now=ASKED + 1) == [("waits", 0, 1.0)]
    assert stretches(AGAIN) == [("waits", 0, 0.1), ("works", 0.1, 0.2), ("again", 0.2, 3.0)]
    assert stretches(LOST) == [("waits", 0, 0.5), ("unknown", 0.5, 2.8)]
    later = piece((STARTED, 1.5, "w"), (SUCCESS, 2, "w"), due=1)
    assert stretches(later) == [("later", 0, 1.0), ("waits", 1.0, 1.5), ("works", 1.5, 2.0)]
    twice = piece((STARTED, 0.5, "a"), (STARTED, 1.5, "b"), (SUCCESS, 2, "b"))
    assert stretches(twice) == [("waits", 0, 0.5), ("broken", 0.5, 1.5), ("works", 1.5, 2.0)]


def test_only_what_goes_on_grows_and_a_person_waits_until_the_answer() -> None:
    bar = bars.bar_of(IN_HAND, 10, NOW)
    assert [one.since is None for one in bar.work] == [True, False]
    assert bar.work[-1].since == pytest.approx(0.004)
    assert (bar.age, bar.sign) == (3.0, "")
    assert bar.person
    assert bar.person.since is None
    unanswered = bars.bar_of(piece(answered=None), 10, NOW).person
    assert unanswered
    assert unanswered.since == 0.0
    assert bars.bar_of(piece((UNKNOWN, 0), answered=None), 10, NOW).person is None
    assert bars.bar_of(DONE, 10, NOW).age is None
    assert [bars.bar_of(one, 10, NOW).sign for one in (DONE, FAILED, LOST)] == ["✓", "✗", "?"]


def test_no_bar_leaves_its_place() -> None:
    for one in (DONE, IN_HAND, WAITING, LOST, AGAIN, piece(due=60)):
        for scale in (0.02, 2.0, 60):
            bar = bars.bar_of(one, scale, NOW)
            for part in (*bar.work, *([bar.person] if bar.person else [])):
                assert 0 <= part.x <= 100
                assert part.width >= bars.THINNEST
                assert part.x + part.width <= 100 + bars.THINNEST
            assert bar.end <= 94


def test_all_bars_have_the_scale_of_the_longest() -> None:
    assert bars.scale_of([DONE, FAILED], NOW) == 2.5
    assert bars.scale_of([FAILED], NOW) == pytest.approx(0.2)
    assert bars.scale_of([], NOW) == pytest.approx(0.02)
    assert bars.scale_of([LOST], NOW + 9000) == pytest.approx(0.5)
    assert bars.scale_of([WAITING], NOW + 9000) == 60  # what waits for ever hides nothing else
    assert bars.scale_of([piece((STARTED, 0, "w"), (SUCCESS, 70, "w"))], NOW) == 80


def test_who_works_has_a_card() -> None:
    found = cards(look(IN_HAND, IN_HAND, IN_HAND, DONE, LOST, workers=("worker-17-ab", "other")))
    assert [(one.name, one.pid, one.state) for one in found] == [
        ("worker-17-ab", "17", "working"),
        ("other", "", "waiting"),
        ("worker-18-cd", "18", "gone"),
    ]
    assert found[0].doing == "wait(2) for 3.0 s, wait(2) for 3.0 s, 1 more"
    assert found[2].doing == "1 piece unknown"
    late = Look(WAYS["list"], [LOST], 0, (), ASKED + 301)
    assert cards(late) == []
