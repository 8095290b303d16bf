"""The skewness."""

from ganstudy.metrics.metric import Shown
from ganstudy.metrics.moments import moment

METRIC = moment(
    "skew",
    label="skew error",
    meaning="The same of the skew.",
    unit="none",
    place=30,
    shown=Shown.IF_JUDGED,
    of_pixels=False,
)
