"""Whether samples lie where real ones can."""

from typing import TYPE_CHECKING

import numpy as np

from ganstudy.metrics.metric import Measured, SampleMetric, Shown, Threshold, share

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def inside(generated: "Generated") -> Measured:
    """The share of samples inside the real box."""
    box = generated.truth.box
    assert box
    is_inside = (generated.samples >= box.low) & (generated.samples <= box.high)
    return share(np.all(is_inside, axis=1))


METRIC = SampleMetric(
    label="inside the box",
    meaning="Share of the samples that lie where real ones can.",
    unit="share",
    criterion="at least {0:.0%} of the samples inside the real box",
    place=90,
    measure=inside,
    target=lambda truth: 1.0,
    threshold=Threshold.SHARE,
    shown=Shown.IF_JUDGED,
    with_target=True,
    needs="box",
    of_points=True,
)
