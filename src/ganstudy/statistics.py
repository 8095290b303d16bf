"""Statistics over the runs of a cell, as evaluation and tracking both state them."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a proportion (Wilson 1927)."""
    interval = stats.binomtest(successes, n).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def interquartile_mean(values: NDArray[np.float64]) -> float:
    """The mean of the middle half, `[n]`; runs without the figure (NaN) are left out. NaN if none has it."""
    present = values[np.isfinite(values)]
    return float(stats.trim_mean(present, 0.25)) if len(present) else float("nan")
