"""The excess kurtosis."""

from ganstudy.metrics.metric import Shown
from ganstudy.metrics.moments import moment

METRIC = moment(
    "kurtosis",
    label="kurtosis error",
    meaning="The same of the excess kurtosis.",
    unit="none",
    place=40,
    shown=Shown.IF_JUDGED,
    of_pixels=False,
)
