"""Samples near a mode."""

from typing import TYPE_CHECKING

from ganstudy.metrics.metric import Measured, SampleMetric, Shown, Threshold, share
from ganstudy.metrics.modes import NEAR, PAPER

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated
    from ganstudy.metrics.reference import Truth


def high_quality(generated: "Generated") -> Measured:
    """The share of samples near a mode."""
    return share(generated.nearest.is_near)


def high_quality_of_truth(truth: "Truth") -> float:
    """Of a plane Gaussian within three standard deviations: 0.98889."""
    from scipy import stats

    return float(stats.chi2(2).cdf(NEAR**2))


METRIC = SampleMetric(
    label="high quality",
    meaning="Share of 2,500 samples within three standard deviations of a mode.",
    unit="share",
    paper=PAPER,
    criterion="at least {0:.0%} of the samples within three standard deviations of a mode",
    place=110,
    measure=high_quality,
    target=high_quality_of_truth,
    threshold=Threshold.SHARE,
    shown=Shown.WHERE_IT_APPLIES,
    with_target=True,
    needs="modes",
    of_points=True,
)
