"""The figures on which generated samples are judged.

Each maps samples `[n, dims]` to its value and its error, the distance from the target in the same unit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats

from ganstudy.evaluation.truth import Truth
from ganstudy.moments import empirical_moments
from ganstudy.sources.source import Samples

MODE_SAMPLES = 2500
"""As in the published tables of captured modes (PacGAN, arXiv 1712.04086; VEEGAN, arXiv 1705.07761)."""
NEAR = 3
"""A sample within so many standard deviations of a mode is of high quality."""


class Measured(NamedTuple):
    value: float
    error: float


@dataclass(frozen=True)
class Figure:
    """Something to measure of samples, and when it makes sense."""

    measure: Callable[[Samples, Truth], Measured]
    target: Callable[[Truth], float]
    inapplicable: Callable[[Truth, bool], str | None]
    """Why the figure would say nothing about this truth, or about a generator of a single point."""
    at_least: bool = False
    """Whether its tolerance is the least value that passes, instead of the greatest error."""


POINT = "the generator's input is constant: it makes a single point, which has no spread or shape"
PIXELS = "some pixels never change, and have no shape"


def moment(name: str) -> Figure:
    """One of the four moments: averaged over dimensions, and its mean absolute error over them."""

    def measure(samples: Samples, truth: Truth) -> Measured:
        found = getattr(empirical_moments(samples), name)
        return Measured(float(found.mean()), float(np.abs(found - getattr(truth.moments, name)).mean()))

    def inapplicable(truth: Truth, point: bool) -> str | None:
        if point and name != "mean":
            return POINT
        if truth.is_image and name in ("skew", "kurtosis"):
            return PIXELS
        return None

    return Figure(measure, lambda truth: float(getattr(truth.moments, name).mean()), inapplicable)


def wasserstein(samples: Samples, truth: Truth) -> Measured:
    """The Wasserstein-1 distance, in the data's unit: to the exact quantiles of a Gaussian, otherwise to
    held-out samples, averaged over random directions (sliced; Rabin et al. 2011)."""
    if truth.gaussian:
        n = len(samples)
        quantiles = truth.gaussian.quantile((np.arange(n) + 0.5) / n)
        distance = float(np.abs(np.sort(samples[:, 0]) - quantiles).mean())
    else:
        ours, real = samples @ truth.directions, truth.projected
        if len(ours) == len(real):
            distance = float(np.abs(np.sort(ours, axis=0) - real).mean())
        else:
            pairs = zip(ours.T, real.T, strict=True)
            distance = float(np.mean([stats.wasserstein_distance(a, b) for a, b in pairs]))
    return Measured(distance, distance)


def kolmogorov_smirnov(samples: Samples, truth: Truth) -> Measured:
    """The greatest difference between distribution functions: of a Gaussian exactly, otherwise of each
    dimension's held-out samples, the largest over dimensions."""
    if truth.gaussian:
        distance = float(
            stats.kstest(truth.gaussian.cdf(samples[:, 0].astype(np.float64)), "uniform").statistic
        )
    else:
        pairs = zip(samples.T, truth.held_out.T, strict=True)
        distance = max(float(stats.ks_2samp(a, b, method="asymp").statistic) for a, b in pairs)
    return Measured(distance, distance)


def inside(samples: Samples, truth: Truth) -> Measured:
    """The share of samples inside the real box."""
    assert truth.box
    share = float(((samples >= truth.box.low) & (samples <= truth.box.high)).all(axis=1).mean())
    return Measured(share, 1 - share)


class Nearest(NamedTuple):
    mode: np.ndarray
    is_near: np.ndarray


def nearest(samples: Samples, truth: Truth) -> Nearest:
    """Each sample's nearest mode, and whether it is within three standard deviations of it."""
    assert truth.mixture
    distances = np.linalg.norm(samples[:MODE_SAMPLES, None] - truth.mixture.centres, axis=2)
    return Nearest(distances.argmin(axis=1), distances.min(axis=1) < NEAR * truth.mixture.std)


def modes_missing(samples: Samples, truth: Truth) -> Measured:
    """How many modes have no sample near them."""
    assert truth.mixture
    mode, is_near = nearest(samples, truth)
    missing = float(len(truth.mixture.centres) - len(np.unique(mode[is_near])))
    return Measured(missing, missing)


def high_quality(samples: Samples, truth: Truth) -> Measured:
    """The share of samples near a mode."""
    share = float(nearest(samples, truth).is_near.mean())
    return Measured(share, abs(share - high_quality_of_truth()))


def high_quality_of_truth() -> float:
    """Of a plane Gaussian within three standard deviations: 0.98889."""
    return float(stats.chi2(2).cdf(NEAR**2))


def reverse_kl(samples: Samples, truth: Truth) -> Measured:
    """KL(generated ‖ uniform) of the histogram over nearest modes, in nats."""
    assert truth.mixture
    modes = len(truth.mixture.centres)
    share = np.bincount(nearest(samples, truth).mode, minlength=modes) / min(len(samples), MODE_SAMPLES)
    divergence = float(stats.entropy(share, np.full(modes, 1 / modes)))
    return Measured(divergence, divergence)


def _of_mixtures(
    measure: Callable[[Samples, Truth], Measured], target: float, at_least: bool = False
) -> Figure:
    def inapplicable(truth: Truth, point: bool) -> str | None:
        return None if truth.mixture else "the source has no modes"

    return Figure(measure, lambda truth: target, inapplicable, at_least)


def _distance(measure: Callable[[Samples, Truth], Measured], of_images: bool) -> Figure:
    def inapplicable(truth: Truth, point: bool) -> str | None:
        if point:
            return POINT
        return PIXELS if truth.is_image and not of_images else None

    return Figure(measure, lambda truth: 0.0, inapplicable)


FIGURES: dict[str, Figure] = {
    **{name: moment(name) for name in ("mean", "std", "skew", "kurtosis")},
    "wasserstein": _distance(wasserstein, of_images=True),
    "ks": _distance(kolmogorov_smirnov, of_images=False),
    "inside": Figure(
        inside, lambda truth: 1.0, lambda truth, point: None if truth.box else "the source has no box", True
    ),
    "modes_missing": _of_mixtures(modes_missing, 0.0),
    "high_quality": _of_mixtures(high_quality, high_quality_of_truth(), at_least=True),
    "reverse_kl": _of_mixtures(reverse_kl, 0.0),
}
