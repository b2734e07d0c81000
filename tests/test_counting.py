"""What a listener counts: delays within 1 %, gaps exactly, and never one that was none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.receiving import loop as counting
from messaging.receiving.events import Gap
from messaging.receiving.loop import Gaps
from messaging.reporting.report import LONGEST_NAME, Delays


@given(st.lists(st.floats(1e-6, 1e4), min_size=1), st.floats(0.01, 1))
def test_a_quantile_is_right_within_one_percent(delays: list[float], share: float) -> None:
    histogram = Delays()
    for delay in delays:
        histogram.add(delay)
    exact = min(d for d in delays if sum(e <= d for e in delays) >= share * len(delays))
    assert histogram.quantile(share) == pytest.approx(exact, rel=0.0101)


def test_without_delays_there_is_no_quantile() -> None:
    assert Delays().quantile(0.5) is None


def test_a_clock_that_runs_behind_is_no_trouble() -> None:
    delays = Delays()
    delays.add(-3)
    assert delays.quantile(0.5) == pytest.approx(1e-6, rel=0.01)


@given(st.dictionaries(st.sampled_from("abc"), st.sets(st.integers(1, 60), min_size=1)))
def test_what_is_missing_between_the_first_and_the_last_is_found(
    heard: dict[str, set[int]],
) -> None:
    gaps, missed = Gaps(), set()
    for sender, numbers in heard.items():
        for seq in sorted(numbers):
            if gap := gaps.follow(sender, seq):
                missed |= {(gap.sender, n) for n in range(gap.first, gap.last + 1)}
                assert gap.count == gap.last - gap.first + 1
    assert missed == {
        (sender, n)
        for sender, numbers in heard.items()
        for n in range(min(numbers), max(numbers))
        if n not in numbers
    }


def test_what_was_sent_before_we_came_is_not_missed() -> None:
    assert Gaps().follow("web", 41) is None


def test_a_number_that_comes_again_is_no_gap() -> None:
    gaps = Gaps()
    numbers = [1, 2, 2, 1, 3]
    assert [gaps.follow("web", n) for n in numbers] == [None] * 5


def test_a_forged_number_that_comes_first_hides_no_gap() -> None:
    gaps = Gaps()
    assert [gaps.follow("web", n) for n in (2**53, 1)] == [None, None]
    assert gaps.follow("web", 50) == Gap("web", 2, 49)


def test_a_forged_number_that_is_far_too_low_makes_no_gap() -> None:
    gaps, far = Gaps(), 5 * counting.FASTEST
    assert [gaps.follow("web", n) for n in (far, 1, far + 1, far + 2)] == [None] * 4
    assert gaps.follow("web", far + 4) == Gap("web", far + 3, far + 3)


def test_a_sender_with_a_name_that_none_of_ours_has_is_not_followed() -> None:
    """Else a program that makes up long names would fill the memory of a listener."""
    gaps, longest = Gaps(), "é" * (LONGEST_NAME // 2)
    assert [gaps.follow(longest + "x", n) for n in (1, 3)] == [None, None]
    assert [gaps.follow(longest, n) for n in (1, 3)] == [None, Gap(longest, 2, 2)]


def test_only_so_many_senders_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "SENDERS", 2)
    gaps = Gaps()
    for sender in ("old", "a", "old", "b"):
        gaps.follow(sender, 1)
    assert gaps.follow("a", 9) is None  # forgotten, so new again
    assert gaps.follow("b", 3) == Gap("b", 2, 2)
