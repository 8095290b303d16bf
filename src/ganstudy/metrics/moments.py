"""What the metrics of the four moments share."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ganstudy.metrics.metric import Measured, SampleMetric, standard_error
from ganstudy.sources.moments import Moments
from ganstudy.sources.source import Samples

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def influence(name: str, samples: Samples, moments: Moments) -> NDArray[np.float64]:
    """What each of the samples `[n, dims]` adds to their moment of that name: its influence function,
    `[n, dims]`."""
    mean, std, skew, excess = moments
    x = samples - mean
    if name == "mean":
        return x
    z = np.divide(x, std, out=np.zeros_like(x), where=std > 0)
    square = z * z
    wider = square - 1
    if name == "std":
        return np.asarray(std * wider / 2)
    if name == "skew":
        return np.asarray(square * z - skew - 3 * z - 1.5 * skew * wider)
    kurtosis = excess + 3
    return np.asarray(square * square - kurtosis - 4 * skew * z - 2 * kurtosis * wider)


def moment(name: str, **about: Any) -> SampleMetric:
    """A metric of one moment: averaged over dimensions, and its mean absolute error over them."""

    def measure(generated: "Generated") -> Measured:
        found = getattr(generated.moments, name)
        off = found - getattr(generated.truth.moments, name)
        each = influence(name, generated.values, generated.moments)
        # What is exactly right in these samples might be off in others all the same: no sign is 0.
        se = standard_error(each @ np.where(off < 0, -1.0, 1.0) / len(off))
        return Measured(float(found.mean()), se, float(np.abs(off).mean()))

    return SampleMetric(
        measure=measure,
        target=lambda truth: float(getattr(truth.moments, name).mean()),
        of_error=True,
        **about,
    )
