"""Mixtures of equal Gaussians in the plane: the standard tests for mode collapse."""

import numpy as np

from ganstudy.sources.moments import Moments
from ganstudy.sources.source import Distribution, Modes, Samples


class Mixture(Distribution):
    """Equally likely isotropic Gaussians around the centres of its modes."""

    traits = frozenset({"modes"})
    modes: Modes

    def draw(self, rng: np.random.Generator, n: int) -> Samples:
        centres, std = self.modes
        mode = rng.integers(len(centres), size=n)
        return centres[mode] + np.float32(std) * rng.standard_normal((n, 2), dtype=np.float32)

    def moments(self) -> Moments:
        # A sample is a centre plus an independent Gaussian: central moments add by the binomial formula.
        centres, var = self.modes.centres.astype(float), self.modes.std**2
        mean = centres.mean(axis=0)
        m2, m3, m4 = (((centres - mean) ** k).mean(axis=0) for k in (2, 3, 4))
        total = m2 + var
        return Moments(mean, total**0.5, m3 / total**1.5, (m4 + 6 * m2 * var + 3 * var**2) / total**2 - 3)
