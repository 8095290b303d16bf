"""The Fréchet distance, against the closed form for Gaussians."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.linalg import sqrtm

from ganstudy.metrics.classifier import Classifier
from ganstudy.metrics.generated import Generated
from ganstudy.metrics.metric import Measured
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.training.cell import Cell


class Samples(Classifier):
    """Its features are the samples themselves."""

    def features(self, samples: Any) -> Any:
        return np.asarray(samples, np.float64)


@pytest.fixture(scope="module")
def frechet(
    make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]
) -> Callable[[Any, Any], Measured]:
    """`frechet(real, fake)` of features"""
    digits = make_truth(make_cell(source="digits"))

    def of(real: Any, fake: Any) -> Measured:
        truth = replace(digits, held_out=np.asarray(real), classifier=Samples([], [], 1.0))
        return SAMPLE_METRICS["frechet"].measure(Generated(np.asarray(fake), truth))

    return of


def with_moments(samples: Any, mean: Any, covariance: Any) -> Any:
    """The samples, moved and stretched until they have exactly this mean and (unbiased) covariance."""
    x = samples - samples.mean(axis=0)
    x = x @ np.linalg.inv(np.linalg.cholesky(np.cov(x.T))).T
    return mean + x @ np.linalg.cholesky(covariance).T


def closed_form(mean: Any, covariance: Any, other_mean: Any, other: Any) -> float:
    """|m - m'|² + tr(S + S' - 2 (S S')^½) (Dowson & Landau 1982)."""
    between = np.trace(covariance + other - 2 * sqrtm(covariance @ other).real)
    return float(((np.asarray(mean) - other_mean) ** 2).sum() + between)


def covariance(rng: np.random.Generator, dims: int) -> Any:
    x = rng.normal(size=(dims, 2 * dims))
    return x @ x.T / dims


@pytest.mark.parametrize("dims", [2, 3, 32])
def test_it_is_the_closed_form_of_gaussians_with_these_moments(dims: int, frechet: Any) -> None:
    rng = np.random.default_rng(dims)
    real_moments, fake_moments = (
        (rng.normal(size=dims), covariance(rng, dims)),
        (rng.normal(size=dims), covariance(rng, dims)),
    )
    real = with_moments(rng.normal(size=(200, dims)), *real_moments)
    fake = with_moments(rng.normal(size=(150, dims)), *fake_moments)
    assert frechet(real, fake).value == pytest.approx(closed_form(*real_moments, *fake_moments), rel=1e-6)


@pytest.mark.parametrize(
    ("move", "squared"),
    [
        (lambda x: x, 0),
        (lambda x: np.add(x, [3, 4]), 25),
        # Of standard deviations s and s' in each of two dimensions: (s - s')² each.
        (lambda x: 3 * x, 2 * 2**2),
        (lambda x: x * [1, 2], 1),
        (lambda x: x * [0, 0], 2),
        (lambda x: x[::-1].copy(), 0),
    ],
)
def test_it_is_squared_and_by_hand(move: Callable[[Any], Any], squared: float, frechet: Any) -> None:
    real = with_moments(np.random.default_rng(0).normal(size=(90, 2)), [5, 7], np.eye(2))
    centre = np.array([5, 7])
    assert frechet(real - centre, move(real - centre)).value == pytest.approx(squared, abs=1e-6)


def test_it_is_the_same_again(frechet: Any) -> None:
    """What it remembers of the real side, or of groups left out, does not add up."""
    rng = np.random.default_rng(1)
    real, fake = rng.normal(size=(90, 4)), rng.normal(size=(85, 4)) + 0.3
    assert frechet(real, fake) == frechet(real, fake)
