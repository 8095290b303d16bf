"""Statistics over runs, small enough to check by hand."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ganstudy.statistics.estimates import (
    RESAMPLES,
    interquartile_interval,
    interquartile_mean,
    interquartile_means,
    percentile_interval,
    resampled,
    wilson,
)

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


# ---- Of many at once, where infinite values count


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 15, 16, 17, 100])
def test_interquartile_means_are_scipys(n: int) -> None:
    values = np.random.default_rng(n).gamma(1, size=(3, 2, n))
    assert interquartile_means(values) == pytest.approx(stats.trim_mean(values, 0.25, axis=-1), rel=1e-12)
    assert interquartile_means(values)[0, 0] == pytest.approx(interquartile_mean(values[0, 0]), rel=1e-12)


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        ([math.inf, 1, 2, 0], 1.5),
        ([math.inf, math.inf, 1, 2], math.inf),
        ([math.inf, 1, 2], math.inf),  # no run of three is left out
        ([math.inf, 1, 2, 3, 4], 3),
        ([math.inf] * 4 + [0] * 4 + [1] * 8, 1),
        ([math.inf] * 5 + [0] * 11, math.inf),
        ([math.inf], math.inf),
    ],
)
def test_up_to_a_quarter_may_be_infinite(values: list[float], mean: float) -> None:
    assert interquartile_means(np.array(values, float)) == mean


@given(st.lists(st.sampled_from([0.1, 0.2, 0.7, 1e9, math.inf]), min_size=1, max_size=20), st.randoms())
def test_the_order_of_runs_does_not_change_a_bit(values: list[float], random: Any) -> None:
    again = random.sample(values, len(values))
    assert interquartile_means(np.array(values)) == interquartile_means(np.array(again))


# ---- The bootstrap


def test_resamples_are_of_all_runs_and_always_the_same() -> None:
    taken = resampled(7)
    assert taken.shape == (RESAMPLES, 7)
    assert set(np.unique(taken)) == set(range(7))
    assert np.array_equal(taken, resampled(7))
    # Each of 70,000 is any run with probability 1/7.
    assert np.bincount(taken.ravel()) == pytest.approx(10_000, abs=4 * (70_000 * 6 / 49) ** 0.5)


def test_an_interval_leaves_out_as_many_on_either_side() -> None:
    """Of 1 to 40, one each."""
    estimates = np.random.default_rng(0).permutation(np.arange(1.0, 41))
    assert percentile_interval(estimates).tolist() == [2, 39]
    assert percentile_interval(np.stack([estimates, -estimates], axis=1)).tolist() == [[2, -39], [39, -2]]


def test_an_interval_of_infinite_estimates_makes_up_no_value() -> None:
    assert percentile_interval(np.array([-math.inf] * 3 + [1] * 34 + [math.inf] * 3)).tolist() == [
        -math.inf,
        math.inf,
    ]
    assert percentile_interval(np.array([1.0] * 39 + [math.inf])).tolist() == [1, 1]


@pytest.mark.parametrize("n", [8, 16, 40])
def test_the_interquartile_means_interval_is_scipys(n: int) -> None:
    """Up to the chance that is in 10,000 resamples of either."""
    values = np.random.default_rng(n).gamma(2, size=n)
    found = interquartile_interval(values)
    scipys = stats.bootstrap(
        (values,),
        lambda x, axis: stats.trim_mean(x, 0.25, axis=axis),
        n_resamples=RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval
    width = scipys.high - scipys.low
    assert found == pytest.approx((scipys.low, scipys.high), abs=0.05 * width)
    assert found[0] < interquartile_mean(values) < found[1]


def test_the_interval_is_over_runs_that_have_the_figure() -> None:
    values = np.array([1.0, 2, 3, 4])
    lacking = np.array([1, np.nan, 2, 3, np.inf, 4])
    assert interquartile_interval(lacking) == interquartile_interval(values)
    assert interquartile_interval(np.array([5.0])) == (5, 5)
    assert all(map(math.isnan, interquartile_interval(np.array([np.nan]))))
