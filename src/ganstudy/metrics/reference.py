"""What generated samples are compared with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ganstudy.metrics.classifier import Classifier
from ganstudy.metrics.neighbours import Neighbourhoods
from ganstudy.sources.moments import Moments, empirical_moments
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.source import Box, Distribution, Modes, Samples, Source
from ganstudy.sources.units import is_image

PROJECTIONS = 32


@dataclass(frozen=True)
class Truth:
    """A variant's real distribution: exact where it is known, and otherwise its held-out samples."""

    moments: Moments
    train: Samples
    """`[n, *shape]`, what training saw, or as many other samples of a distribution."""
    held_out: Samples
    """`[n, *shape]`"""
    draw: Callable[[np.random.Generator, int], Samples]
    """Samples of a perfect generator: fresh ones, or training samples drawn with replacement."""
    is_image: bool
    classifier: Classifier | None = None
    """Of labelled images."""
    known: Distribution | None = None
    """Where its quantiles are."""
    modes: Modes | None = None
    box: Box | None = None
    directions: NDArray[np.float64] = field(init=False)
    """Unit vectors along which sliced distances are taken, `[dims, directions]`, the same for every run."""

    def __post_init__(self) -> None:
        dims = self.values.shape[1]
        vectors = np.random.default_rng(0).standard_normal((dims, 1 if dims == 1 else PROJECTIONS))
        object.__setattr__(self, "directions", vectors / np.linalg.norm(vectors, axis=0))

    @property
    def values(self) -> Samples:
        """The held-out samples as vectors, `[n, dims]`."""
        return self.held_out.reshape(len(self.held_out), -1)

    @cached_property
    def projected(self) -> NDArray[np.float64]:
        """The held-out samples along each direction, in rising order, `[directions, n]`."""
        return np.sort((self.values @ self.directions).T, axis=1)

    @cached_property
    def features(self) -> NDArray[np.float64]:
        """The classifier's, of the held-out samples, `[n, features]`."""
        assert self.classifier
        return self.classifier.features(self.held_out)

    @cached_property
    def values_around(self) -> Neighbourhoods:
        """The held-out samples as values, with their neighbourhoods."""
        return Neighbourhoods.of(self.values)

    @cached_property
    def features_around(self) -> Neighbourhoods:
        """The same of their features."""
        return Neighbourhoods.of(self.features)

    @classmethod
    def of(cls, source: Source, prepared: Prepared, classifier: Classifier | None = None) -> Self:
        """What is known of the source, with the data that `prepare` set apart."""

        def resample(rng: np.random.Generator, n: int) -> Samples:
            drawn: Samples = prepared.train[rng.integers(len(prepared.train), size=n)]
            return drawn

        exact = source if isinstance(source, Distribution) else None
        return cls(
            moments=exact.moments() if exact else empirical_moments(prepared.held_out),
            train=prepared.train,
            held_out=prepared.held_out,
            draw=exact.draw if exact else resample,
            is_image=is_image(prepared.description),
            classifier=classifier,
            known=exact if source.has("quantiles") else None,
            modes=source.modes,
            box=source.box,
        )
