"""Where the lines and ticks of a chart stand."""

import pytest

from pages.plot import BOTTOM, LEFT, RIGHT, TOP, decades, draw, gap, linear
from pages.results import Points


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (0.9, ["0", "0.5", "1"]),
        (1, ["0", "0.5", "1"]),
        (3, ["0", "1", "2", "3"]),
        (396, ["0", "100", "200", "300", "400"]),
        (12_000, ["0", "5,000", "10,000", "15,000"]),
    ],
)
def test_ticks_are_round_and_reach_past_the_highest(highest: float, labels: list[str]) -> None:
    scale = linear(highest, BOTTOM, TOP)
    assert [label for _, label in scale.drawn()] == labels
    assert scale.at(0) == BOTTOM
    assert scale.at(scale.ticks[-1]) == TOP


def test_a_logarithmic_scale_has_a_tick_each_power_of_ten() -> None:
    scale = decades([0, 0.4, 31], BOTTOM, TOP)
    assert [label for _, label in scale.drawn()] == ["0.1", "1", "10", "100"]
    assert scale.at(0) == scale.at(0.1) == BOTTOM
    assert scale.at(100) == TOP


def test_every_line_stays_within_the_field() -> None:
    for values in ([0.0], [7.3], [1e-4, 1e6], [100.0, 100.0]):
        for is_log in (True, False):
            (chart,) = draw(
                "x", ("x",), [[[n * 0.25, v] for n, v in enumerate(values)]], [0.6], is_log
            )
            places = chart.paths[0].replace("M", "L").split("L")[1:]
            drawn = [*chart.dots[0], *(tuple(map(float, place.split())) for place in places)]
            assert len(drawn) == len(values)
            for x, y in drawn:
                assert LEFT <= x <= RIGHT
                assert TOP <= y <= BOTTOM


def test_where_nothing_was_measured_the_line_is_broken() -> None:
    points: list[list[float | None]] = [
        [0.25, 1],
        [0.5, 1],
        [0.75, None],
        [1, 1],
        [2, 1],
        [2.25, 1],
    ]
    (chart,) = draw("x", ("x",), [points], [0.6])
    assert [part.count("L") for part in chart.paths[0].split("M")[1:]] == [1, 1]
    assert len(chart.dots[0]) == 1  # what stands alone is seen all the same


def test_a_line_is_broken_where_its_densest_chart_would_be() -> None:
    dense: Points = [[n * 1.1, 5] for n in range(40)]
    sparse: Points = [[1.1, 5], [33, 5]]
    assert gap([[], sparse, dense]) == pytest.approx(2.75)
    assert gap([[]]) == gap([[[0.1, 1], [0.2, 1]]]) == 0.6
    (chart,) = draw("x", ("x",), [sparse], [2.75])
    assert chart.paths == ("",)
    assert len(chart.dots[0]) == 2


def test_runs_that_are_compared_have_the_same_scales() -> None:
    one, other = draw("x", ("x",), [[[1, 5]], [[40, 900]]], [0.6, 0.6])
    assert (one.across, one.up) == (other.across, other.up)
    assert one.words == "x: x from 5 to 5"


def test_a_chart_of_nothing_is_a_chart() -> None:
    (chart,) = draw("x", ("a", "b"), [[]], [0.6], is_log=True)
    assert chart.paths == ("", "")
    assert chart.words == "x: a not measured; b not measured"
