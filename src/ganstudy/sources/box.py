"""Uniform samples in a box."""

import numpy as np

from ganstudy.moments import Moments
from ganstudy.params.recipe import Pattern1010Source
from ganstudy.sources.source import Distribution, Samples


class Box(Distribution):
    """U(low, high), independent in each dimension."""

    low: Samples
    high: Samples

    def draw(self, rng: np.random.Generator, n: int) -> Samples:
        u = rng.random((n, len(self.low)), dtype=np.float32)
        return self.low + (self.high - self.low) * u

    def moments(self) -> Moments:
        low, high = self.low.astype(float), self.high.astype(float)
        zero = np.zeros(len(low))
        return Moments((low + high) / 2, (high - low) / np.sqrt(12), zero, zero - 1.2)


class Pattern1010(Box):
    """High, low, high, low: the four values of an introduction to GANs.

    A generator whose input is constant makes a single point; it has learnt the pattern when the point lies
    inside the box.
    """

    units = "value"

    def __init__(self, settings: Pattern1010Source) -> None:
        super().__init__(settings)
        self.low = np.array([0.8, 0.0, 0.8, 0.0], dtype=np.float32)
        self.high = np.array([1.0, 0.2, 1.0, 0.2], dtype=np.float32)
