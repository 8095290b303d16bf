"""Curves over the runs of a cell, as pictures, tables and tracking all state them."""

import numpy as np
from numpy.typing import NDArray

TRIMMED = 0.25
"""Of runs, on either side, left out of an interquartile mean."""


def interquartile_curve(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each row `[steps, runs]`: the interquartile mean and the ends of its 95 % interval, `[3, steps]`.
    Values that are no numbers are left out; NaN where none is left, and an interval takes two.

    The interval is a trimmed mean's by the winsorised variance (Tukey and McLaughlin 1963, as in Yuen 1974,
    Biometrika 61): resampling each of some thousand steps would take longer than all the rest.
    """
    # As for final metrics (ganstudy.statistics.estimates), whose imports alone would take half a second here.
    from scipy.special import stdtrit

    present = np.isfinite(values)
    ordered = np.sort(np.where(present, values, np.inf), axis=1)
    curves = np.full((3, len(values)), np.nan)
    for n in np.unique(present.sum(axis=1)[present.any(axis=1)]):
        rows = present.sum(axis=1) == n
        cut = int(TRIMMED * n)
        middle = ordered[rows, cut : n - cut]
        mean, kept = middle.mean(axis=1), n - 2 * cut
        margin = np.full(len(mean), np.nan)
        if kept > 1:
            winsorised = np.clip(ordered[rows, :n], middle[:, :1], middle[:, -1:])
            error = np.sqrt(n * winsorised.var(axis=1) / (kept * (kept - 1)))
            margin = stdtrit(kept - 1, 0.975) * error
        curves[:, rows] = mean, mean - margin, mean + margin
    return curves


def every(step: int, n: int) -> slice:
    """Every `step`-th of n places, the last one among them."""
    step = max(1, step)
    return slice((n - 1) % step, None, step)
