"""High, low, high, low: the four values of an introduction to GANs."""

from typing import Literal

import numpy as np

from ganstudy.sources.moments import Moments
from ganstudy.sources.source import Box, Distribution, DistributionSettings, Samples


class Pattern1010Settings(DistributionSettings):
    """Four values near 1, 0, 1, 0: [U(0.8, 1), U(0, 0.2), U(0.8, 1), U(0, 0.2)]."""

    name: Literal["pattern_1010"]


class Pattern1010(Distribution):
    """Four values, each uniform in its interval, independent of the others.

    A generator whose input is constant makes a single point; it has learnt the pattern when the point lies
    inside the box.
    """

    Settings = Pattern1010Settings
    traits = frozenset({"box"})
    box = Box(
        np.array([0.8, 0.0, 0.8, 0.0], dtype=np.float32), np.array([1.0, 0.2, 1.0, 0.2], dtype=np.float32)
    )

    def draw(self, rng: np.random.Generator, n: int) -> Samples:
        low, high = self.box
        u = rng.random((n, len(low)), dtype=np.float32)
        return low + (high - low) * u

    def moments(self) -> Moments:
        low, high = (end.astype(float) for end in self.box)
        zero = np.zeros(len(low))
        return Moments((low + high) / 2, (high - low) / np.sqrt(12), zero, zero - 1.2)

    def task(self) -> str:
        return (
            "Make four values near 1, 0, 1, 0; the data are uniform in [0.8, 1], [0, 0.2], [0.8, 1], "
            "[0, 0.2]."
        )
