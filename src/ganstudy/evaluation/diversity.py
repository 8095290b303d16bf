"""Fidelity and diversity: is what is made like real samples, and is there something like each of them?

Precision and recall by Kynkäänniemi et al. 2019 (arXiv 1904.06991), density and coverage by Naeem et al. 2020
(arXiv 2002.09797); of mixtures the figures of the published tables of mode collapse (arXiv 1712.04086).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ganstudy.evaluation.figure import (
    NO_LABELS,
    NO_MODES,
    POINT,
    WIDTH,
    Figure,
    Measured,
    no_target,
    share,
    standard_error,
)
from ganstudy.evaluation.generated import NEAR, Generated
from ganstudy.evaluation.neighbours import K
from ganstudy.evaluation.truth import Truth

# ---- By neighbours


def precision(generated: Generated) -> Measured:
    """The share of generated samples within a real one's neighbourhood."""
    return share(generated.likeness.holding > 0)


def recall(generated: Generated) -> Measured:
    """The share of real samples within a generated one's neighbourhood."""
    return _but_for(generated.likeness.recalled, generated.likeness.recalling)


def density(generated: Generated) -> Measured:
    """In how many real neighbourhoods a generated sample lies, in k."""
    each = generated.likeness.holding / K
    return Measured(float(each.mean()), standard_error(each))


def coverage(generated: Generated) -> Measured:
    """The share of real samples whose neighbourhood holds a generated one."""
    return _but_for(generated.likeness.covered, generated.likeness.covering)


def _but_for(value: float, lost: NDArray[np.float64]) -> Measured:
    """A share, and how much of it would be lost without each of the generated samples (the jackknife)."""
    return Measured(value, len(lost) * standard_error(lost))


def _by_neighbours(measure: Callable[[Generated], Measured]) -> Figure:
    def inapplicable(truth: Truth, point: bool) -> str | None:
        if point:
            return POINT
        return NO_LABELS if truth.is_image and not truth.classifier else None

    return Figure(measure, None, inapplicable)


# ---- By modes


def modes_missing(generated: Generated) -> Measured:
    """How many modes have no sample near them."""
    mixture = generated.truth.mixture
    assert mixture
    mode, is_near = generated.nearest
    met = np.bincount(mode[is_near], minlength=len(mixture.centres))
    missing = float((met == 0).sum())
    # Another draw misses a mode of m samples with probability e^-m, independently (Poisson).
    again = np.exp(-met)
    se = float((again * (1 - again)).sum() ** 0.5)
    return Measured(missing, se, bound=float(np.floor(missing + WIDTH * se + 0.5)))


def high_quality(generated: Generated) -> Measured:
    """The share of samples near a mode."""
    return share(generated.nearest.is_near)


def high_quality_of_truth(truth: Truth) -> float:
    """Of a plane Gaussian within three standard deviations: 0.98889."""
    return float(stats.chi2(2).cdf(NEAR**2))


def reverse_kl(generated: Generated) -> Measured:
    """KL(generated ‖ uniform) of the histogram over nearest modes, in nats."""
    mixture = generated.truth.mixture
    assert mixture
    modes, mode = len(mixture.centres), generated.nearest.mode
    portion = np.bincount(mode, minlength=modes) / len(mode)
    divergence = float(stats.entropy(portion, np.full(modes, 1 / modes)))
    return Measured(divergence, standard_error(np.log(portion[mode] * modes)))


def _of_mixtures(
    measure: Callable[[Generated], Measured],
    target: Callable[[Truth], float] = no_target,
    at_least: bool = False,
) -> Figure:
    return Figure(measure, target, lambda truth, point: None if truth.mixture else NO_MODES, at_least)


DIVERSITY: dict[str, Figure] = {
    "precision": _by_neighbours(precision),
    "recall": _by_neighbours(recall),
    "density": _by_neighbours(density),
    "coverage": _by_neighbours(coverage),
    "modes_missing": _of_mixtures(modes_missing),
    "high_quality": _of_mixtures(high_quality, high_quality_of_truth, at_least=True),
    "reverse_kl": _of_mixtures(reverse_kl),
}
