"""What a metric is: a number that says how far generated samples are from the data, with all that is said
about it.

A module of this package that has a `METRIC` is a metric, by the module's name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganstudy.sources.source import Trait

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated
    from ganstudy.metrics.reference import Truth
    from ganstudy.training.runs import Runs

POINT = "the generator's input is constant: it makes a single point, which has no spread or shape"
PIXELS = "some pixels never change, and have no shape"
NO_IMAGES = "the samples are no images"
NO_LABELS = (
    "likeness of images is judged by a classifier's features, and these have no labels, or too few of one, "
    "to train it"
)
LACKING = {"modes": "the source has no modes", "box": "the source has no box", "pixels": NO_IMAGES}

INTERVAL_WIDTH = 1.6448536269514722
"""Standard errors on either side of a metric: an interval of 90 %, whose upper end alone is passed in 5 of
100 cases (two one-sided tests; Schuirmann 1987)."""


class Measured(NamedTuple):
    """A metric of one run's samples.

    Its standard error is that of drawing other samples from the same generator; the real samples that it is
    compared with stay the same.
    """

    value: float
    se: float
    error: float | None = None
    """The distance from the target, where it is not simply |value - target|."""
    bound: float | None = None
    """The upper end of the error's interval, where it is not simply error + WIDTH × se."""

    def with_error_bound(self, target: float, name: str) -> dict[str, float]:
        """The metric, its error and the upper end of the error's interval, under keys that begin with
        `name`."""
        error = abs(self.value - target) if self.error is None else self.error
        bound = error + INTERVAL_WIDTH * self.se if self.bound is None else self.bound
        return {name: self.value, f"{name}_error": error, f"{name}_error_bound": bound}


class Threshold(Enum):
    """How a tolerance of params.yaml is meant."""

    ERROR = "greatest error"
    """In the metric's own unit or in floors."""
    SHARE = "least share"
    """Of the samples; the value itself is compared."""
    COUNT = "greatest count"
    NUMBER = "greatest error as a number"
    """Of what has no floor."""
    NONE = "not judged"


class Shown(Enum):
    """When tables have a metric."""

    ALWAYS = "always"
    IF_JUDGED = "where a tolerance is about it"
    WHERE_IT_APPLIES = "where the source has such a thing"
    NEVER = "in files and MLflow alone"


class Group(Enum):
    """The tables of a report."""

    SAMPLES = "How far samples are from the data"
    DISCRIMINATORS = "What discriminators say"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """What is said of any metric."""

    label: str
    """As tables head it."""
    meaning: str
    unit: str
    paper: str = ""
    place: int
    """In tables, from the left."""
    group: Group = Group.SAMPLES
    threshold: Threshold = Threshold.ERROR
    shown: Shown = Shown.ALWAYS
    with_target: bool = False
    """Whether tables show the value with its value at match, and not how far it is off."""
    of_error: bool = False
    """Whether tables show the error in the place of the value."""
    needs: Trait | None = None
    """What a source has to have for it."""
    of_pixels: bool = True
    """Whether it makes sense of images, some of whose pixels never change."""
    of_points: bool = False
    """Whether it makes sense of a generator of a single point."""
    by_default: bool = False
    """Whether it is judged where a variant has no tolerances."""
    score: str = ""
    """In words, where losses are compared by it: by the first in `score_place` that says something."""
    score_place: int = 0
    criterion: str = ""
    """When a run has matched by it, with `{0}` for the tolerance; by default a distance from the target."""

    @property
    def at_least(self) -> bool:
        """Whether its tolerance is the least value that passes, instead of the greatest error."""
        return self.threshold is Threshold.SHARE

    def bound(self, name: str, run: Mapping[str, Any]) -> float | None:
        """The end of the interval that is compared with the tolerance: of the error the upper one, or, where
        a least value is asked for, the lower one of the value. None if the run ended without numbers."""
        value, error, bound = (run.get(key) for key in (name, f"{name}_error", f"{name}_error_bound"))
        if not self.at_least or value is None or error is None or bound is None:
            return bound
        # The interval is as wide on either side.
        return float(value - (bound - error))

    def passes(self, bound: float | None, tolerance: float) -> bool:
        """Whether that end is within the tolerance; False if it is no number."""
        if bound is None:
            return False
        return bool(bound >= tolerance if self.at_least else bound <= tolerance)

    def greatest_error(self, target: float | None, tolerance: float) -> float:
        """The error that the tolerance leaves room for."""
        return target - tolerance if self.at_least and target is not None else tolerance

    def makes_sense(self, traits: frozenset[Trait] | None, point: bool) -> bool:
        """Whether it says anything of samples of such a source, as far as settings tell."""
        if point and not self.of_points:
            return False
        if traits is None:
            return True
        return (self.needs is None or self.needs in traits) and (self.of_pixels or "pixels" not in traits)


def no_target(truth: "Truth") -> float:
    """A distance's: none is left."""
    return 0.0


@dataclass(frozen=True, kw_only=True)
class SampleMetric(Metric):
    """A metric of generated samples."""

    measure: Callable[["Generated"], Measured]
    target: Callable[["Truth"], float] | None = no_target
    """Its value at match; None where that is whatever a perfect sampler scores on average."""
    of_features: bool = False
    """Whether it needs, of images, a classifier of their labels."""

    def inapplicable(self, truth: "Truth", point: bool) -> str | None:
        """Why it would say nothing about this truth, or about a generator of a single point, if so."""
        has = {"modes": bool(truth.modes), "box": bool(truth.box), "pixels": truth.is_image}
        if self.needs is not None and not has.get(self.needs, True):
            return LACKING[self.needs]
        if point and not self.of_points:
            return POINT
        if truth.is_image and not self.of_pixels:
            return PIXELS
        return NO_LABELS if self.of_features and truth.is_image and not truth.classifier else None


@dataclass(frozen=True, kw_only=True)
class TestMetric(Metric):
    """A metric of the classifier two-sample test."""

    at_match: float
    group: Group = Group.DISCRIMINATORS


@dataclass(frozen=True, kw_only=True)
class DiscriminatorMetric(Metric):
    """A metric of a run's own discriminator."""

    measure: Callable[["Runs", int], float]
    target: Callable[["Runs"], tuple[float | None, str | None]]
    """The value at match, or None and why the loss fixes none."""
    missing: str = ""
    """Why a loss would have none, if that is always for the same reason."""
    threshold: Threshold = Threshold.NONE
    group: Group = Group.DISCRIMINATORS


GROUPS_LEFT_OUT = 10
"""Of samples, each left out once."""


def share(hits: Any) -> Measured:
    """Of booleans, `[n]`."""
    p = float(np.mean(hits))
    return Measured(p, (p * (1 - p) / len(hits)) ** 0.5)


def standard_error(influence: NDArray[np.float64]) -> float:
    """Of a metric, from each sample's influence on it, `[n]` (the infinitesimal jackknife; Efron 1982)."""
    return float(influence.std() / len(influence) ** 0.5)


def jackknifed(of: Callable[[NDArray[Any]], float], samples: NDArray[Any]) -> Measured:
    """A metric of samples `[n, …]` whose influence is not known: the standard error by leaving out a group of
    them at a time (the delete-a-group jackknife)."""
    value = of(samples)
    if len(samples) < 2 * GROUPS_LEFT_OUT:
        return Measured(value, 0.0)
    group = np.arange(len(samples)) % GROUPS_LEFT_OUT
    without = np.array([of(samples[group != i]) for i in range(GROUPS_LEFT_OUT)])
    return Measured(value, float(((GROUPS_LEFT_OUT - 1) * without.var()) ** 0.5))
