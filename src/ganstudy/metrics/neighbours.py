"""Who is near whom: what precision, recall, density, coverage and the energy distance are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ganstudy.metrics.metric import Measured, standard_error

NEIGHBOUR_POINTS = 1000
"""Neighbours are looked for among the first so many samples on either side: their number is quadratic."""
K = 5
"""A sample's neighbourhood reaches to its 5th neighbour, as in the papers' experiments."""
BLOCK_ROWS = 250
"""Distances are computed for so many samples at a time, so that no square table is ever held."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Neighbourhoods:
    """Points, how far each one's neighbourhood reaches, and how far it is from the others."""

    points: Values
    """`[n, dims]`"""
    radius: Values
    """Distance to the K-th neighbour, `[n]`."""
    distance: Values
    """Mean distance to all points, itself among them, `[n]`."""

    @classmethod
    def of(cls, samples: NDArray[Any]) -> Self:
        """Of the first POINTS samples, `[n, dims]`."""
        points = np.asarray(samples[:NEIGHBOUR_POINTS], dtype=np.float64)
        k = min(K, len(points) - 1)
        rows = [
            (np.partition(distances, k, axis=1)[:, k], distances.mean(axis=1))
            for _, distances in blocks(points, points)
        ]
        radius, distance = (np.concatenate(column) for column in zip(*rows, strict=True))
        return cls(points, radius, distance)


class Between(NamedTuple):
    """Real points and generated ones, `[n]`, beside each other."""

    covered: float
    """Share of the real points whose neighbourhood holds a generated one."""
    recalled: float
    """Share of the real points that lie in a generated one's neighbourhood."""
    covering: Values
    """Share of the real points that are covered by this generated one alone, `[n]`."""
    recalling: Values
    """The same of being recalled."""
    holding: NDArray[np.int64]
    """Real points whose neighbourhood holds the generated one, `[n]`."""
    distance: Values
    """Mean distance of each generated point to the real ones, `[n]`."""


def between(real: Neighbourhoods, fake: Neighbourhoods) -> Between:
    """Compare two sets of points."""
    m, n = len(real.points), len(fake.points)
    covered = recalled = 0
    covering, recalling = np.zeros(n), np.zeros(n)
    holding, total = np.zeros(n, np.int64), np.zeros(n)
    for rows, distances in blocks(real.points, fake.points):
        holds, lies = distances < real.radius[rows, None], distances < fake.radius
        covers, recalls = holds.sum(axis=1), lies.sum(axis=1)
        covered += int(np.count_nonzero(covers))
        recalled += int(np.count_nonzero(recalls))
        covering += holds[covers == 1].sum(axis=0)
        recalling += lies[recalls == 1].sum(axis=0)
        holding += holds.sum(axis=0)
        total += distances.sum(axis=0)
    return Between(covered / m, recalled / m, covering / m, recalling / m, holding, total / m)


def blocks(a: Values, b: Values) -> Iterator[tuple[slice, Values]]:
    """Euclidean distances, `[rows, m]`, of some rows of `a`, `[n, dims]`, at a time to all of `b`,
    `[m, dims]`."""
    from scipy.spatial.distance import cdist

    for start in range(0, len(a), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        yield rows, cdist(a[rows], b)


def but_for(value: float, lost: Values) -> Measured:
    """A share, and how much of it would be lost without each of the generated samples, `[n]` (the
    jackknife)."""
    return Measured(value, len(lost) * standard_error(lost))
