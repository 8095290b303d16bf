"""The four moments, on columns small enough to work out."""

import numpy as np
import pytest
from scipy import stats

from ganstudy.sources.moments import empirical_moments


def test_moments_by_hand() -> None:
    """1, 1, 1, 5: deviations -1, -1, -1, 3; their powers' means 3, 6 and 21."""
    mean, std, skew, kurtosis = (
        moment.tolist() for moment in empirical_moments(np.array([[1], [1], [1], [5]]))
    )
    assert mean == [2]
    assert std == pytest.approx([np.sqrt(3)])
    assert skew == pytest.approx([6 / 3**1.5])
    assert kurtosis == pytest.approx([21 / 9 - 3])


def test_a_fair_coin_has_the_least_kurtosis() -> None:
    assert empirical_moments(np.array([[0.0], [1.0]])).kurtosis == pytest.approx([-2])


def test_each_column_has_its_own_moments() -> None:
    columns = np.random.default_rng(0).gamma(2, size=(50, 3))
    together = empirical_moments(columns)
    for i in range(3):
        alone = empirical_moments(columns[:, [i]])
        for name in together._fields:
            assert getattr(together, name)[i] == pytest.approx(getattr(alone, name)[0])


def test_moments_are_scipys() -> None:
    x = np.random.default_rng(1).gamma(2, size=(300, 2))
    found = empirical_moments(x)
    np.testing.assert_allclose(found.skew, stats.skew(x))
    np.testing.assert_allclose(found.kurtosis, stats.kurtosis(x))


@pytest.mark.parametrize("value", [0.0, 1.0, 0.1, -1 / 3, 1e20])
def test_a_constant_column_has_no_shape_and_leaves_the_others_theirs(value: float) -> None:
    samples = np.column_stack([np.full(999, value), np.arange(999) % 2]).astype(np.float32)
    mean, std, skew, kurtosis = empirical_moments(samples)
    assert (mean[0], std[0]) == (np.float32(value), 0)
    assert np.isnan([skew[0], kurtosis[0]]).all()
    assert np.isfinite([skew[1], kurtosis[1]]).all()


def test_single_precision_is_enough_for_the_samples_but_not_for_the_sums() -> None:
    """The mean of many equal float32 values, summed in float32, would drift."""
    samples = np.full((300_000, 1), 0.1, np.float32)
    samples[::2] += np.float32(2)
    assert empirical_moments(samples).mean == pytest.approx([1.1], rel=1e-7)
    assert empirical_moments(samples).std == pytest.approx([1.0], rel=1e-7)


def test_one_sample_has_a_mean_and_no_spread() -> None:
    mean, std, skew, kurtosis = empirical_moments(np.array([[3.0, 4.0]], np.float32))
    assert mean.tolist() == [3, 4]
    assert std.tolist() == [0, 0]
    assert np.isnan([skew, kurtosis]).all()
