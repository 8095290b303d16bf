"""The four moments by which a distribution's shape is usually told."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Moments(NamedTuple):
    """Of each dimension, `[dims]`: mean, standard deviation, skewness and excess kurtosis."""

    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    skew: NDArray[np.float64]
    kurtosis: NDArray[np.float64]


def empirical_moments(samples: NDArray[Any]) -> Moments:
    """Mean, population standard deviation, skewness and excess kurtosis of each value of samples `[n, …]`."""
    x = np.asarray(samples, dtype=np.float64).reshape(len(samples), -1)
    mean, std = x.mean(axis=0), x.std(axis=0)
    # A constant column has no shape; its skewness and kurtosis are NaN.
    z = np.divide(x - mean, std, out=np.full_like(x, np.nan), where=std > 0)
    square = z * z  # powers are far slower than products
    return Moments(mean, std, (square * z).mean(axis=0), (square * square).mean(axis=0) - 3)
