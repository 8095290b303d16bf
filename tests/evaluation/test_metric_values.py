"""Metrics on samples small or regular enough to know the answer."""

from collections.abc import Callable
from dataclasses import replace
from math import log, pi, sqrt
from typing import Any

import numpy as np
import pytest
from scipy import stats

from ganstudy.metrics.generated import MODE_SAMPLES, Generated
from ganstudy.metrics.metric import Measured
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.sources.moments import empirical_moments
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.cell import Cell

P = (np.arange(1000) + 0.5) / 1000
QUANTILES = stats.norm.ppf(P)[:, None]
"""As near to N(0, 1) as 1,000 values can be."""


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.fixture(scope="module")
def truth_of(
    make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]
) -> Callable[[str | dict[str, Any]], Truth]:
    return lambda source: make_truth(make_cell(source=source))


@pytest.fixture(scope="module")
def normal(truth_of: Callable[..., Truth]) -> Truth:
    return truth_of({"name": "gaussian", "mean": 0.0, "std": 1.0})


@pytest.fixture(scope="module")
def cross(truth_of: Callable[..., Truth]) -> Truth:
    """Four modes of standard deviation 0.1: right, above, left, below."""
    return truth_of({"name": "ring", "modes": 4, "radius": 1.0, "std": 0.1})


def held_out(truth: Truth, samples: Any) -> Truth:
    """The same, but for what is held out."""
    return replace(truth, held_out=np.asarray(samples, np.float32))


def value(name: str, samples: Any, truth: Truth) -> float:
    return SAMPLE_METRICS[name].measure(Generated(np.asarray(samples, np.float32), truth)).value


def error(name: str, samples: Any, truth: Truth) -> float:
    metric = SAMPLE_METRICS[name]
    assert metric.target
    measured = metric.measure(Generated(np.asarray(samples, np.float32), truth))
    return measured.with_error_bound(metric.target(truth), name)[f"{name}_error"]


@pytest.mark.parametrize(
    ("name", "found", "off"), [("mean", 0.5, 0.5), ("std", 0.5, 0.5), ("skew", 0, 0), ("kurtosis", -2, 2)]
)
def test_moments_of_a_fair_coin(name: str, found: float, off: float, normal: Truth) -> None:
    """0 and 1 alike: mean ½, standard deviation ½, no skewness, and the least kurtosis there is."""
    assert value(name, [[0], [1]], normal) == pytest.approx(found)
    assert error(name, [[0], [1]], normal) == pytest.approx(off)


def test_a_moments_error_is_averaged_over_dimensions_and_does_not_cancel(
    truth_of: Callable[..., Truth],
) -> None:
    """The pattern's means are 0.9, 0.1, 0.9, 0.1."""
    point = [[0.7, 0.3, 0.9, 0.1]]
    truth = truth_of("pattern_1010")
    assert value("mean", point, truth) == pytest.approx(0.5)
    assert SAMPLE_METRICS["mean"].target(truth) == pytest.approx(0.5)
    assert error("mean", point, truth) == pytest.approx((0.2 + 0.2) / 4)


def test_moments_of_files_are_compared_with_held_out_samples(truth_of: Callable[..., Truth]) -> None:
    truth = truth_of("digits")
    assert SAMPLE_METRICS["std"].target(truth) == pytest.approx(truth.held_out.std(axis=0).mean(), rel=1e-5)
    assert error("mean", truth.held_out, truth) == error("std", truth.held_out, truth) == 0


@pytest.mark.parametrize("d", [0.0, 0.25, -3.0])
def test_the_distance_between_gaussians_shifted_by_d_is_d(d: float, normal: Truth) -> None:
    assert error("wasserstein", QUANTILES + d, normal) == pytest.approx(abs(d), abs=1e-6)


@pytest.mark.parametrize("s", [0.5, 2.0])
def test_the_distance_between_gaussians_of_other_width(s: float, normal: Truth) -> None:
    """|s - 1| E|z| = |s - 1| √(2/π)."""
    assert error("wasserstein", s * QUANTILES, normal) == pytest.approx(abs(s - 1) * sqrt(2 / pi), rel=0.002)


def test_the_distance_of_a_point_is_the_mean_absolute_deviation(normal: Truth) -> None:
    assert error("wasserstein", np.zeros((1000, 1)), normal) == pytest.approx(sqrt(2 / pi), rel=0.002)


def test_the_distance_is_in_the_datas_unit(normal: Truth, truth_of: Callable[..., Truth]) -> None:
    wide = truth_of({"name": "gaussian", "mean": 40.0, "std": 10.0})
    assert error("wasserstein", 10 * QUANTILES + 45, wide) == pytest.approx(5, rel=1e-5)


def test_the_sliced_distance_of_a_shift_is_its_mean_length_along_the_directions(
    truth_of: Callable[..., Truth],
    rng: np.random.Generator,
) -> None:
    """In the plane that is 2/π of its length, when there are enough directions."""
    samples = rng.standard_normal((300, 2))
    truth, shift = held_out(truth_of("ring"), samples), np.array([0.3, -0.4])
    found = error("wasserstein", samples + shift, truth)
    assert found == pytest.approx(np.abs(shift @ truth.directions).mean(), rel=1e-4)
    assert found == pytest.approx(0.5 * 2 / pi, rel=0.25)


def test_directions_are_of_length_one_and_always_the_same(truth_of: Callable[..., Truth]) -> None:
    ring, again = truth_of("ring"), truth_of("ring")
    np.testing.assert_allclose(np.linalg.norm(ring.directions, axis=0), 1)
    np.testing.assert_array_equal(ring.directions, again.directions)
    assert ring.directions.shape == (2, 32)


@pytest.mark.parametrize("source", ["ring", "pattern_1010", "digits"])
@pytest.mark.parametrize("n", [60, 45])
def test_the_sliced_distance_is_scipys_along_each_direction(
    source: str, n: int, truth_of: Callable[..., Truth], rng: np.random.Generator
) -> None:
    """For as many samples as are held out, where there is a short cut, and for another number."""
    truth = truth_of(source)
    truth = held_out(truth, truth.held_out[:60])
    samples = truth.draw(rng, n) + np.float32(0.05)
    expected = [
        stats.wasserstein_distance(samples.reshape(n, -1) @ direction, truth.values @ direction)
        for direction in truth.directions.T
    ]
    assert error("wasserstein", samples, truth) == pytest.approx(np.mean(expected), rel=1e-5)


def test_the_sliced_distance_of_one_dimension_is_the_distance(
    truth_of: Callable[..., Truth], rng: np.random.Generator
) -> None:
    """As for a table of one column."""
    truth = replace(held_out(truth_of("gaussian"), rng.gamma(2, size=(80, 1))), known=None)
    samples = rng.normal(size=(80, 1)).astype(np.float32)
    expected = stats.wasserstein_distance(samples[:, 0], truth.held_out[:, 0])
    assert error("wasserstein", samples, truth) == pytest.approx(expected, rel=1e-5)


def test_ks_of_a_gaussian_is_scipys(truth_of: Callable[..., Truth], rng: np.random.Generator) -> None:
    truth = truth_of({"name": "gaussian", "mean": 4.0, "std": 1.25})
    samples = rng.normal(4.2, 1.0, size=(500, 1)).astype(np.float32)
    expected = stats.kstest(samples[:, 0].astype(float), stats.norm(4, 1.25).cdf).statistic
    assert error("ks", samples, truth) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("samples", "distance"),
    [(QUANTILES, 0.0005), (np.zeros((9, 1)), 0.5), (np.full((9, 1), 50), 1), (np.abs(QUANTILES), 0.5005)],
)
def test_ks_of_a_gaussian_by_hand(samples: Any, distance: float, normal: Truth) -> None:
    assert error("ks", samples, normal) == pytest.approx(distance, abs=1e-5)


def test_ks_of_others_is_that_of_the_worst_dimension(truth_of: Callable[..., Truth]) -> None:
    truth = held_out(truth_of("ring"), [[i, i] for i in range(10)])
    samples = [[i, i + 4.5] for i in range(10)]
    assert error("ks", samples, truth) == pytest.approx(0.5)


def test_ks_of_others_is_scipys(truth_of: Callable[..., Truth], rng: np.random.Generator) -> None:
    truth = truth_of("pattern_1010")
    samples = rng.random((150, 4)).astype(np.float32)
    pairs = zip(samples.T, truth.held_out.T, strict=True)
    expected = max(stats.ks_2samp(a, b).statistic for a, b in pairs)
    assert error("ks", samples, truth) == pytest.approx(expected)


def test_inside_counts_samples_whose_every_value_is_inside(truth_of: Callable[..., Truth]) -> None:
    truth = truth_of("pattern_1010")
    samples = [
        [0.9, 0.1, 0.9, 0.1],
        [0.8, 0.0, 1.0, 0.2],  # the border is inside
        [0.9, 0.1, 0.9, 0.21],
        [0.1, 0.9, 0.1, 0.9],
    ]
    assert value("inside", samples, truth) == error("inside", samples, truth) == 0.5


def test_a_mode_is_captured_by_one_sample_within_three_standard_deviations(cross: Truth) -> None:
    right, above, left = [1.0, 0.0], [0.0, 1.29], [-1.31, 0.0]
    assert value("modes_missing", [right, above, left], cross) == 2
    assert value("modes_missing", cross.modes.centres, cross) == 0
    assert value("modes_missing", [[9.0, 9.0]] * 5, cross) == 4


def test_high_quality_is_the_share_within_three_standard_deviations_of_a_mode(cross: Truth) -> None:
    samples = [[1.0, 0.29], [1.0, 0.31], [0.0, 0.0], [0.2, -1.2]]
    assert value("high_quality", samples, cross) == 0.5
    assert error("high_quality", samples, cross) == pytest.approx(1 - np.exp(-4.5) - 0.5)


@pytest.mark.parametrize(
    ("counts", "divergence"),
    [
        ((1, 1, 1, 1), 0.0),
        ((2, 1, 1, 0), 0.5 * log(2)),
        ((1, 1, 0, 0), log(2)),
        ((3, 0, 0, 0), log(4)),
        ((3, 1, 0, 0), 0.75 * log(3) + 0.25 * log(1)),
    ],
)
def test_reverse_kl_by_hand(counts: tuple[int, ...], divergence: float, cross: Truth) -> None:
    """Σ p log(p / q) with q = 1/4, samples counted for their nearest mode however far away it is."""
    near = np.array([[1.5, 0.1], [0.1, 1.5], [-0.5, 0.1], [-0.1, -0.5]])
    assert value("reverse_kl", np.repeat(near, counts, axis=0), cross) == pytest.approx(divergence)


@pytest.mark.parametrize(
    ("met", "bound"), [((9, 9, 9, 9), 0), ((1, 9, 9, 9), 1), ((9, 9, 9, 0), 1), ((1, 1, 1, 0), 2)]
)
def test_a_mode_barely_met_may_be_missed_by_the_next_samples(
    met: tuple[int, ...], bound: int, cross: Truth
) -> None:
    """Of m samples none comes again with probability e^-m; of three such modes, each met once, one may go:
    1.64 × sqrt(3 × 0.37 × 0.63) = 1.37."""
    assert cross.modes
    samples = np.repeat(cross.modes.centres, met, axis=0).astype(np.float32)
    found = SAMPLE_METRICS["modes_missing"].measure(Generated(samples, cross)).with_error_bound(0, "m")
    assert found == {"m": met.count(0), "m_error": met.count(0), "m_error_bound": bound}


@pytest.mark.parametrize("name", ["modes_missing", "high_quality", "reverse_kl"])
def test_modes_are_counted_in_2500_samples(name: str, cross: Truth, rng: np.random.Generator) -> None:
    """As in the published tables: more samples would find more modes."""
    first = cross.draw(rng, MODE_SAMPLES)
    first = first[first[:, 0] > -0.5]
    first = np.concatenate([first, first])[:MODE_SAMPLES]
    later = np.full((5000, 2), [-1.0, 0.0], np.float32)
    assert MODE_SAMPLES == 2500
    assert value(name, np.concatenate([first, later]), cross) == value(name, first, cross)


@pytest.mark.parametrize("name", SAMPLE_METRICS)
@pytest.mark.parametrize("source", ["gaussian", "ring", "pattern_1010", "digits"])
def test_an_error_is_never_negative_and_belongs_to_the_target(
    name: str, source: str, truth_of: Callable[..., Truth], rng: np.random.Generator
) -> None:
    truth = truth_of(source)
    if SAMPLE_METRICS[name].inapplicable(truth, False):
        return
    # A share's target is what a perfect sampler scores on average, here made up.
    target = (SAMPLE_METRICS[name].target or (lambda truth: 0.9))(truth)
    for samples in (truth.draw(rng, 40), truth.draw(rng, 40) * np.float32(0.5)):
        measured = SAMPLE_METRICS[name].measure(Generated(samples, truth))
        found = measured.with_error_bound(target, name)
        assert set(found) == {name, f"{name}_error", f"{name}_error_bound"}
        assert measured.se >= 0
        # Dimensions' errors do not cancel, so the error is at least the distance of the averages.
        assert found[f"{name}_error"] >= abs(found[name] - target) - 1e-9
        assert found[f"{name}_error_bound"] >= found[f"{name}_error"]


def test_the_upper_end_is_so_many_standard_errors_further_unless_said() -> None:
    assert Measured(1.0, 0.1).with_error_bound(3.0, "x") == {
        "x": 1.0,
        "x_error": 2.0,
        "x_error_bound": pytest.approx(2 + 0.1 * stats.norm.ppf(0.95)),
    }
    assert Measured(1.0, 0.1, error=0.5, bound=9.0).with_error_bound(3.0, "x") == {
        "x": 1.0,
        "x_error": 0.5,
        "x_error_bound": 9.0,
    }


def test_held_out_samples_have_the_datas_moments(truth_of: Callable[..., Truth]) -> None:
    """What files' generators are compared with and what distributions' are: exact where it is known."""
    exact, resampled = truth_of("ring"), truth_of("digits")
    assert exact.moments.mean == pytest.approx([0, 0], abs=1e-7)
    np.testing.assert_array_equal(resampled.moments.mean, empirical_moments(resampled.held_out).mean)


def test_a_perfect_sampler_of_files_repeats_training_samples(
    make_cell: Callable[..., Cell], rng: np.random.Generator
) -> None:
    source = make_source(make_cell(source="digits").recipe.source)
    prepared = Prepared.of(source)
    drawn = Truth.of(source, prepared).draw(rng, 50)
    assert {row.tobytes() for row in drawn} <= {row.tobytes() for row in prepared.train}
    assert drawn.shape == (50, 1, 8, 8)
