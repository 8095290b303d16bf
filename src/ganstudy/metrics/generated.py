"""A run's samples, with what several metrics need of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganstudy.metrics.modes import MODE_SAMPLES, NEAR
from ganstudy.metrics.neighbours import Between, Neighbourhoods, between
from ganstudy.metrics.reference import Truth
from ganstudy.sources.moments import Moments, empirical_moments
from ganstudy.sources.source import Samples


class Nearest(NamedTuple):
    """Of each sample the nearest mode, and whether it is near, `[n]` each."""

    mode: NDArray[np.intp]
    is_near: NDArray[np.bool_]


@dataclass(frozen=True)
class Generated:
    """Samples `[n, *shape]` beside the truth that they should match."""

    samples: Samples
    truth: Truth

    @property
    def values(self) -> Samples:
        """The samples as vectors, `[n, dims]`."""
        return self.samples.reshape(len(self.samples), -1)

    @cached_property
    def moments(self) -> Moments:
        """Their own."""
        return empirical_moments(self.samples)

    @cached_property
    def values_around(self) -> Neighbourhoods:
        """The samples as values, with their neighbourhoods."""
        return Neighbourhoods.of(self.values)

    @cached_property
    def values_between(self) -> Between:
        """They and the real ones."""
        return between(self.truth.values_around, self.values_around)

    @cached_property
    def features(self) -> NDArray[np.float64]:
        """The classifier's, `[n, features]`."""
        assert self.truth.classifier
        return self.truth.classifier.features(self.samples)

    @cached_property
    def likeness(self) -> Between:
        """They and the real ones where likeness is judged: by features for images, otherwise by value."""
        if not self.truth.classifier:
            return self.values_between
        return between(self.truth.features_around, Neighbourhoods.of(self.features))

    @cached_property
    def nearest(self) -> Nearest:
        """Of the first samples the nearest mode, and whether it is within three standard deviations."""
        modes = self.truth.modes
        assert modes
        distances = np.linalg.norm(self.values[:MODE_SAMPLES, None] - modes.centres, axis=2)
        return Nearest(distances.argmin(axis=1), distances.min(axis=1) < NEAR * modes.std)
