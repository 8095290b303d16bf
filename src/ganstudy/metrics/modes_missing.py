"""Modes of a mixture without a sample."""

from typing import TYPE_CHECKING

import numpy as np

from ganstudy.metrics.metric import INTERVAL_WIDTH, Measured, SampleMetric, Shown, Threshold
from ganstudy.metrics.modes import PAPER

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def modes_missing(generated: "Generated") -> Measured:
    """How many modes have no sample near them."""
    known = generated.truth.modes
    assert known
    mode, is_near = generated.nearest
    met = np.bincount(mode[is_near], minlength=len(known.centres))
    missing = float((met == 0).sum())
    # Another draw misses a mode of m samples with probability e^-m, independently (Poisson).
    again = np.exp(-met)
    se = float((again * (1 - again)).sum() ** 0.5)
    return Measured(missing, se, bound=float(np.floor(missing + INTERVAL_WIDTH * se + 0.5)))


METRIC = SampleMetric(
    label="modes missing",
    meaning="Modes of the mixture that none of 2,500 samples comes within three standard deviations of.",
    unit="modes",
    paper=PAPER,
    criterion="at most {0:.0f} modes missing",
    place=100,
    measure=modes_missing,
    threshold=Threshold.COUNT,
    shown=Shown.WHERE_IT_APPLIES,
    needs="modes",
    of_points=True,
)
