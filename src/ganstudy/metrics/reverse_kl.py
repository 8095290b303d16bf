"""How unequally modes are hit."""

from typing import TYPE_CHECKING

import numpy as np

from ganstudy.metrics.metric import Measured, SampleMetric, Shown, standard_error
from ganstudy.metrics.modes import PAPER

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def reverse_kl(generated: "Generated") -> Measured:
    """KL(generated ‖ uniform) of the histogram over nearest modes, in nats."""
    from scipy import stats

    known = generated.truth.modes
    assert known
    modes, mode = len(known.centres), generated.nearest.mode
    portion = np.bincount(mode, minlength=modes) / len(mode)
    divergence = float(stats.entropy(portion, np.full(modes, 1 / modes)))
    return Measured(divergence, standard_error(np.log(portion[mode] * modes)))


METRIC = SampleMetric(
    label="reverse KL",
    meaning="Kullback-Leibler divergence of the modes' shares from the data's, in nats.",
    unit="nats",
    paper=PAPER,
    criterion="reverse KL of the modes' shares at most {0:.3g} nats",
    place=120,
    measure=reverse_kl,
    shown=Shown.WHERE_IT_APPLIES,
    needs="modes",
    of_points=True,
)
