"""Statistics over runs, small enough to check by hand."""

import math

import numpy as np
import pytest

from ganstudy.statistics import interquartile_mean, wilson

Z = 1.959964


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (16, 16, 16 / (16 + Z**2), 1),  # 0.806
        (0, 16, 0, Z**2 / (16 + Z**2)),  # 0.194
        (8, 10, 0.490162, 0.943318),
        (5, 10, 0.236593, 0.763407),
        (1, 1, 1 / (1 + Z**2), 1),
    ],
)
def test_wilsons_interval(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize("n", [1, 2, 7, 16])
def test_wilsons_interval_is_the_same_for_failures_and_holds_the_share(n: int) -> None:
    for successes in range(n + 1):
        low, high = wilson(successes, n)
        assert 0 <= low <= successes / n <= high <= 1
        assert wilson(n - successes, n) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        ([5], 5),
        ([1, 2], 1.5),
        ([1, 2, 3, 100], 2.5),
        ([100, 1, 3, 2], 2.5),
        ([0, 0, 0, 0, 2, 4, 90, 90], 1.5),
        ([-1000, 1, 2, 6, 1000], 3),
        ([*range(16)], 7.5),
    ],
)
def test_the_interquartile_mean_is_that_of_the_middle_half(values: list[float], mean: float) -> None:
    assert interquartile_mean(np.array(values, float)) == pytest.approx(mean)


def test_runs_without_the_figure_are_left_out() -> None:
    values = np.array([np.nan, 1, 2, np.inf, 3, 100, np.nan])
    assert interquartile_mean(values) == pytest.approx(2.5)


def test_when_no_run_has_the_figure_there_is_no_mean() -> None:
    assert math.isnan(interquartile_mean(np.array([np.nan, np.nan])))
    assert math.isnan(interquartile_mean(np.array([])))
