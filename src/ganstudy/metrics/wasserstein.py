"""The Wasserstein-1 distance."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganstudy.metrics.metric import Measured, SampleMetric, standard_error

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def wasserstein(generated: "Generated") -> Measured:
    """The Wasserstein-1 distance, in the data's unit: to the exact quantiles of a Gaussian, otherwise to
    held-out samples, averaged over random directions (sliced; Rabin et al. 2011)."""
    truth = generated.truth
    ours = np.ascontiguousarray((generated.values @ truth.directions).T)
    order = ours.argsort(axis=1)
    ours = np.take_along_axis(ours, order, axis=1)
    n = ours.shape[1]
    if truth.known:
        real = truth.known.quantile((np.arange(n) + 0.5) / n)[None]
        distance = float(np.abs(ours - real).mean())
    else:
        rank, of_real, width = _steps(n, truth.projected.shape[1])
        distance = float((np.abs(ours[:, rank] - truth.projected[:, of_real]) @ width).mean())
        real = truth.projected[:, np.arange(n) * truth.projected.shape[1] // n]
    return Measured(distance, standard_error(_moving(ours, real, order)))


def _steps(n: int, m: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Where the quantile functions of n and of m values, which are stairs, are both level: the rank of the
    value on either side, and the width, of every such stretch."""
    ends = np.union1d(np.arange(1, n + 1) * m, np.arange(1, m + 1) * n)
    begins = np.concatenate([[0], ends[:-1]])
    return begins // m, begins // n, (ends - begins) / (n * m)


def _moving(
    ours: NDArray[np.float64], real: NDArray[np.float64], order: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Each sample's influence on its Wasserstein distances, averaged over directions, `[n]`; from values
    `[directions, n]` in rising order, and what was put where.

    The distance is the area between two distribution functions. A sample more at x lifts ours from x onwards,
    which adds to the area where ours is above, and takes from it where ours is below.
    """
    above = np.sign(real - ours)[:, :-1] * np.diff(ours, axis=1)
    onwards = np.zeros_like(ours)
    onwards[:, :-1] = above[:, ::-1].cumsum(axis=1)[:, ::-1]
    influence = np.zeros_like(ours)
    np.put_along_axis(influence, order, onwards, axis=1)
    return np.asarray(influence.mean(axis=0))


METRIC = SampleMetric(
    label="Wasserstein",
    meaning="Wasserstein-1 distance from the data, in their unit, along random directions where a sample has "
    "several values.",
    unit="the data's",
    paper="sliced: Rabin et al. 2011",
    criterion="Wasserstein distance at most {0:.3g}",
    place=50,
    score="Wasserstein distance",
    score_place=2,
    measure=wasserstein,
    by_default=True,
)
