"""What a figure is: a number that says how far generated samples are from the truth."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganstudy.evaluation.generated import Generated
from ganstudy.evaluation.truth import Truth

POINT = "the generator's input is constant: it makes a single point, which has no spread or shape"
PIXELS = "some pixels never change, and have no shape"
NO_MODES = "the source has no modes"
NO_BOX = "the source has no box"
NO_LABELS = (
    "likeness of images is judged by a classifier's features, and these have no labels, or too few of one, "
    "to train it"
)

WIDTH = 1.6448536269514722
"""Standard errors on either side of a figure: an interval of 90 %, whose upper end alone is passed in 5 of
100 cases (two one-sided tests; Schuirmann 1987)."""


class Measured(NamedTuple):
    """A figure of one run's samples.

    Its standard error is that of drawing other samples from the same generator; the real samples that it is
    compared with stay what they are.
    """

    value: float
    se: float
    error: float | None = None
    """The distance from the target, where it is not simply |value - target|."""
    bound: float | None = None
    """The upper end of the error's interval, where it is not simply error + WIDTH × se."""

    def beside(self, target: float, name: str) -> dict[str, float]:
        """The figure, its error and the upper end of the error's interval, under keys that begin with
        `name`."""
        error = abs(self.value - target) if self.error is None else self.error
        bound = error + WIDTH * self.se if self.bound is None else self.bound
        return {name: self.value, f"{name}_error": error, f"{name}_error_bound": bound}


GROUPS = 10
"""Of samples, each left out once."""

Inapplicable = Callable[[Truth, bool], str | None]
"""Why a figure would say nothing about this truth, or about a generator of a single point, if so."""


@dataclass(frozen=True)
class Figure:
    """Something to measure of samples, and when it makes sense."""

    measure: Callable[[Generated], Measured]
    target: Callable[[Truth], float] | None
    """Its value at match; None where that is whatever a perfect sampler scores on average."""
    inapplicable: Inapplicable
    at_least: bool = False
    """Whether its tolerance is the least value that passes, instead of the greatest error."""


def no_target(truth: Truth) -> float:
    """A distance's: none is left."""
    return 0.0


def share(hits: Any) -> Measured:
    """Of booleans, `[n]`."""
    p = float(np.mean(hits))
    return Measured(p, (p * (1 - p) / len(hits)) ** 0.5)


def standard_error(influence: NDArray[np.float64]) -> float:
    """Of a figure, from each sample's influence on it, `[n]` (the infinitesimal jackknife; Efron 1982)."""
    return float(influence.std() / len(influence) ** 0.5)


def jackknifed(of: Callable[[NDArray[Any]], float], samples: NDArray[Any]) -> Measured:
    """A figure of samples `[n, …]` whose influence is not known: the standard error by leaving out a group of
    them at a time (the delete-a-group jackknife)."""
    value = of(samples)
    if len(samples) < 2 * GROUPS:
        return Measured(value, 0.0)
    group = np.arange(len(samples)) % GROUPS
    without = np.array([of(samples[group != i]) for i in range(GROUPS)])
    return Measured(value, float(((GROUPS - 1) * without.var()) ** 0.5))
