"""Distances between the distribution of generated samples and the truth."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ganstudy.evaluation.classifier import NO_IMAGES
from ganstudy.evaluation.figure import (
    NO_LABELS,
    PIXELS,
    POINT,
    Figure,
    Measured,
    jackknifed,
    no_target,
    standard_error,
)
from ganstudy.evaluation.generated import Generated
from ganstudy.evaluation.truth import Truth


def wasserstein(generated: Generated) -> Measured:
    """The Wasserstein-1 distance, in the data's unit: to the exact quantiles of a Gaussian, otherwise to
    held-out samples, averaged over random directions (sliced; Rabin et al. 2011)."""
    truth = generated.truth
    ours = np.ascontiguousarray((generated.samples @ truth.directions).T)
    order = ours.argsort(axis=1)
    ours = np.take_along_axis(ours, order, axis=1)
    n = ours.shape[1]
    if truth.gaussian:
        real = truth.gaussian.quantile((np.arange(n) + 0.5) / n)[None]
        distance = float(np.abs(ours - real).mean())
    else:
        rank, of_real, width = _steps(n, truth.projected.shape[1])
        distance = float((np.abs(ours[:, rank] - truth.projected[:, of_real]) @ width).mean())
        real = truth.projected[:, np.arange(n) * truth.projected.shape[1] // n]
    return Measured(distance, standard_error(_moving(ours, real, order)))


def _steps(n: int, m: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Where the quantile functions of n and of m values, which are stairs, are both level: the rank of the
    value on either side, and the width, of every such stretch."""
    ends = np.union1d(np.arange(1, n + 1) * m, np.arange(1, m + 1) * n)
    begins = np.concatenate([[0], ends[:-1]])
    return begins // m, begins // n, (ends - begins) / (n * m)


def _moving(
    ours: NDArray[np.float64], real: NDArray[np.float64], order: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Each sample's influence on its Wasserstein distances, averaged over directions, `[n]`; from values
    `[directions, n]` in rising order, and what was put where.

    The distance is the area between two distribution functions. A sample more at x lifts ours from x onwards,
    which adds to the area where ours is above, and takes from it where ours is below.
    """
    above = np.sign(real - ours)[:, :-1] * np.diff(ours, axis=1)
    onwards = np.zeros_like(ours)
    onwards[:, :-1] = above[:, ::-1].cumsum(axis=1)[:, ::-1]
    influence = np.zeros_like(ours)
    np.put_along_axis(influence, order, onwards, axis=1)
    return np.asarray(influence.mean(axis=0))


def kolmogorov_smirnov(generated: Generated) -> Measured:
    """The greatest difference between distribution functions: of a Gaussian exactly, otherwise of each
    dimension's held-out samples, the largest over dimensions."""
    truth, samples = generated.truth, generated.samples.astype(np.float64)
    if truth.gaussian:
        samples = truth.gaussian.cdf(samples)
        tests: list[Any] = [stats.kstest(samples[:, 0], "uniform")]
    else:
        pairs = zip(samples.T, truth.held_out.T, strict=True)
        tests = [stats.ks_2samp(ours, real, method="asymp") for ours, real in pairs]
    worst = int(np.argmax([test.statistic for test in tests]))
    below = float((samples[:, worst] <= tests[worst].statistic_location).mean())
    return Measured(float(tests[worst].statistic), (below * (1 - below) / len(samples)) ** 0.5)


def energy(generated: Generated) -> Measured:
    """The energy distance, sqrt(2 E|X - Y| - E|X - X'| - E|Y - Y'|), between the first samples of either side
    (Székely & Rizzo 2013)."""
    real, fake = generated.truth.values_around, generated.values_around
    across = generated.values_between.distance
    squared = max(float(2 * across.mean() - real.distance.mean() - fake.distance.mean()), 0.0)
    distance = squared**0.5
    se = standard_error(2 * across - 2 * fake.distance)
    return Measured(distance, se / (2 * distance) if distance else 0.0)


def frechet(generated: Generated) -> Measured:
    """The Fréchet distance between Gaussians fitted to the features of either side (Heusel et al. 2017), by
    torchmetrics. Not comparable with Inception's: the features are of this pipeline's own classifier."""
    # Here and not above: it takes longer to import than anything else here, and only images need it.
    import torch
    from torchmetrics.image.fid import FrechetInceptionDistance

    class Given(torch.nn.Module):
        """In the place of a network that would find the features."""

        num_features = generated.features.shape[1]

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x

    distance = FrechetInceptionDistance(feature=Given(), reset_real_features=False)
    distance.set_dtype(torch.float64)
    distance.update(torch.from_numpy(generated.truth.features), real=True)

    def of(features: NDArray[np.float64]) -> float:
        distance.reset()
        distance.update(torch.from_numpy(features), real=False)
        return float(distance.compute())

    return jackknifed(of, generated.features)


def _distance(measure: Callable[[Generated], Measured], of_images: bool) -> Figure:
    def inapplicable(truth: Truth, point: bool) -> str | None:
        if point:
            return POINT
        return PIXELS if truth.is_image and not of_images else None

    return Figure(measure, no_target, inapplicable)


def _only_images(truth: Truth, point: bool) -> str | None:
    if not truth.is_image:
        return NO_IMAGES
    return POINT if point else None if truth.classifier else NO_LABELS


WASSERSTEIN = _distance(wasserstein, of_images=True)
KS = _distance(kolmogorov_smirnov, of_images=False)
ENERGY = _distance(energy, of_images=True)
FRECHET = Figure(frechet, no_target, _only_images)
