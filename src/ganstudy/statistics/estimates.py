"""Statistics over the runs of a cell, as evaluation and tracking both state them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ganstudy.core.random import generator
from ganstudy.statistics.curves import TRIMMED

RESAMPLES = 10_000


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a proportion (Wilson 1927); all that a proportion can be if n is 0."""
    if n == 0:
        return 0.0, 1.0
    percentile_interval = stats.binomtest(successes, n).proportion_ci(0.95, method="wilson")
    return float(percentile_interval.low), float(percentile_interval.high)


def interquartile_mean(values: NDArray[np.float64]) -> float:
    """The mean of the middle half, `[n]`; runs without the metric (NaN) are left out. NaN if none has it."""
    present = values[np.isfinite(values)]
    return float(stats.trim_mean(present, TRIMMED)) if len(present) else float("nan")


def interquartile_means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same along the last axis, `[…, n]`, where all values count: infinite ones are the largest, and make
    the mean infinite when they are more than a quarter."""
    cut = int(TRIMMED * values.shape[-1])
    middle = np.sort(values, axis=-1)[..., cut : values.shape[-1] - cut]
    return np.asarray(middle.mean(axis=-1))


def resampled(n: int) -> NDArray[np.intp]:
    """Which of n runs to take in each of 10,000 resamples, `[resamples, n]`: always the same ones."""
    return generator(0, "resample", n).integers(n, size=(RESAMPLES, n))


def percentile_interval(estimates: NDArray[Any]) -> NDArray[np.float64]:
    """The 95 % percentile interval of bootstrap estimates `[resamples, …]`: `[2, …]` (Efron 1982)."""
    # As many are left out on either side, and no value between two is made up: some are infinite.
    out = int(0.025 * len(estimates))
    return np.asarray(np.sort(estimates, axis=0)[[out, -1 - out]])


def interquartile_interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """The 95 % bootstrap interval of the interquartile mean, `[n]`, over runs that have the metric."""
    present = values[np.isfinite(values)]
    if not len(present):
        return float("nan"), float("nan")
    low, high = percentile_interval(interquartile_means(present[resampled(len(present))]))
    return float(low), float(high)
