"""What was measured of a cell becomes lines, scales and gaps; run where it runs, in a browser."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[[str, str, Any], Any]


def test_where_nothing_was_measured_the_line_is_broken(run: Run) -> None:
    rows = [[0.25, 1], [0.5, 1], [0.75, None], [1, 1], [2, 1], [2.25, 1]]
    seconds, values = run("compare/points", "return m.broken(given, 1, 0.6)", rows)
    assert seconds == [0.25, 0.5, 0.75, 1, 1.5, 2, 2.25]
    assert values == [1, 1, None, 1, None, 1, 1]
    assert run("compare/points", "return m.alone(given)", values) == [3]  # seen all the same


def test_a_row_may_lack_values_and_a_chart_all_rows(run: Run) -> None:
    assert run("compare/points", "return m.broken(given, 2, 1)", [[1, 5]]) == [[1], [5], [None]]
    assert run("compare/points", "return m.broken(given, 1, 1)", []) == [[], []]


def test_a_line_is_broken_where_its_densest_chart_would_be(run: Run) -> None:
    dense = [[n * 1.1, 5] for n in range(40)]
    gap = "return m.longestGap(given)"
    assert run("compare/points", gap, [[], [[1.1, 5], [33, 5]], dense]) == pytest.approx(2.75)
    assert run("compare/points", gap, [[]]) == 0.6
    assert run("compare/points", gap, [[[0.1, 1], [0.2, 1]]]) == 0.6


def test_a_scale_reaches_over_all_clients_and_a_logarithm_has_no_zero(run: Run) -> None:
    assert run("compare/points", "return m.reach(given)", [[5, 0, None], [0.2, 900]]) == [0.2, 900]
    assert run("compare/points", "return m.reach(given)", [[], [0]]) == [1, 1]
