"""Mixtures of equal Gaussians in the plane: the standard tests for mode collapse."""

import numpy as np

from ganstudy.moments import Moments
from ganstudy.params.recipe import GridSource, RingSource
from ganstudy.sources.source import Distribution, Samples


class Mixture(Distribution):
    """Equally likely isotropic Gaussians of standard deviation `std` around `centres`, `[modes, 2]`."""

    units = "value"
    centres: Samples
    std: float

    def draw(self, rng: np.random.Generator, n: int) -> Samples:
        mode = rng.integers(len(self.centres), size=n)
        return self.centres[mode] + np.float32(self.std) * rng.standard_normal((n, 2), dtype=np.float32)

    def moments(self) -> Moments:
        # A sample is a centre plus an independent Gaussian: central moments add by the binomial formula.
        centres, var = self.centres.astype(float), self.std**2
        mean = centres.mean(axis=0)
        m2, m3, m4 = (((centres - mean) ** k).mean(axis=0) for k in (2, 3, 4))
        total = m2 + var
        return Moments(mean, total**0.5, m3 / total**1.5, (m4 + 6 * m2 * var + 3 * var**2) / total**2 - 3)


class Ring(Mixture):
    """Centres evenly spaced on a circle, at angles 2πi / modes."""

    def __init__(self, settings: RingSource) -> None:
        super().__init__(settings)
        angles = 2 * np.pi * np.arange(settings.modes) / settings.modes
        self.centres = (settings.radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)).astype(
            np.float32
        )
        self.std = settings.std


class Grid(Mixture):
    """Centres on a square grid around the origin."""

    def __init__(self, settings: GridSource) -> None:
        super().__init__(settings)
        line = settings.spacing * (np.arange(settings.side) - (settings.side - 1) / 2)
        self.centres = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2).astype(np.float32)
        self.std = settings.std
