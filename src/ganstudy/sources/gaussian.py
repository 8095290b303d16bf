"""One Gaussian value."""

import numpy as np
from numpy.typing import NDArray

from ganstudy.moments import Moments
from ganstudy.sources.source import Distribution, Samples


class Gaussian(Distribution):
    """N(mean, std)."""

    units = "value"

    def draw(self, rng: np.random.Generator, n: int) -> Samples:
        z = rng.standard_normal((n, 1), dtype=np.float32)
        return np.float32(self.settings.mean) + np.float32(self.settings.std) * z

    def moments(self) -> Moments:
        zero = np.zeros(1)
        return Moments(np.array([self.settings.mean]), np.array([self.settings.std]), zero, zero)

    def quantile(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        """The value below which a share `p` of the distribution lies."""
        # Here and not above, as below: training needs neither, and every worker would wait for the import.
        from scipy.special import ndtri

        return np.asarray(self.settings.mean + self.settings.std * ndtri(p))

    def cdf(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The share of the distribution below `x`."""
        from scipy.special import ndtr

        return np.asarray(ndtr((x - self.settings.mean) / self.settings.std))

    def pdf(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The density at `x`."""
        z = (x - self.settings.mean) / self.settings.std
        return np.asarray(np.exp(-(z**2) / 2) / (self.settings.std * np.sqrt(2 * np.pi)))
