"""One Gaussian value."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganstudy.core.settings import Positive
from ganstudy.core.text import exact
from ganstudy.sources.moments import Moments
from ganstudy.sources.source import Distribution, DistributionSettings, Samples


class GaussianSettings(DistributionSettings):
    """N(mean, std), one value a sample."""

    name: Literal["gaussian"]
    mean: float = 0.0
    """Of the distribution."""
    std: Positive = 1.0
    """Of the distribution."""


class Gaussian(Distribution):
    """N(mean, std)."""

    Settings = GaussianSettings
    traits = frozenset({"quantiles"})

    def task(self) -> str:
        mean, std = exact(self.settings.mean), exact(self.settings.std)
        return f"Draw from the normal distribution with mean {mean} and standard deviation {std}."

    def draw(self, rng: np.random.Generator, n: int) -> Samples:
        z = rng.standard_normal((n, 1), dtype=np.float32)
        return np.float32(self.settings.mean) + np.float32(self.settings.std) * z

    def moments(self) -> Moments:
        zero = np.zeros(1)
        return Moments(np.array([self.settings.mean]), np.array([self.settings.std]), zero, zero)

    def quantile(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values below which shares `p`, `[…]`, of the distribution lie."""
        # Here and not above, as below: training needs neither, and every worker would wait for the import.
        from scipy.special import ndtri

        return np.asarray(self.settings.mean + self.settings.std * ndtri(p))

    def cdf(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The shares of the distribution below `x`, `[…]`."""
        from scipy.special import ndtr

        return np.asarray(ndtr((x - self.settings.mean) / self.settings.std))

    def pdf(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The density at `x`, `[…]`."""
        z = (x - self.settings.mean) / self.settings.std
        return np.asarray(np.exp(-(z**2) / 2) / (self.settings.std * np.sqrt(2 * np.pi)))
