"""Moments of generated samples, and whether they lie where the real ones do."""

import numpy as np
from numpy.typing import NDArray

from ganstudy.evaluation.figure import (
    NO_BOX,
    PIXELS,
    POINT,
    Figure,
    Measured,
    share,
    standard_error,
)
from ganstudy.evaluation.generated import Generated
from ganstudy.evaluation.truth import Truth
from ganstudy.moments import Moments
from ganstudy.sources.source import Samples

MOMENTS = Moments._fields


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


def moment(name: str) -> Figure:
    """One of the four moments: averaged over dimensions, and its mean absolute error over them."""

    def measure(generated: Generated) -> Measured:
        found = getattr(generated.moments, name)
        off = found - getattr(generated.truth.moments, name)
        each = influence(name, generated.samples, generated.moments)
        # What is exactly right in these samples might be off in others all the same: no sign is 0.
        se = standard_error(each @ np.where(off < 0, -1.0, 1.0) / len(off))
        return Measured(float(found.mean()), se, float(np.abs(off).mean()))

    def inapplicable(truth: Truth, point: bool) -> str | None:
        if point and name != "mean":
            return POINT
        return PIXELS if truth.is_image and name in ("skew", "kurtosis") else None

    return Figure(measure, lambda truth: float(getattr(truth.moments, name).mean()), inapplicable)


def inside(generated: Generated) -> Measured:
    """The share of samples inside the real box."""
    box = generated.truth.box
    assert box
    is_inside = (generated.samples >= box.low) & (generated.samples <= box.high)
    return share(np.all(is_inside, axis=1))


INSIDE = Figure(inside, lambda truth: 1.0, lambda truth, point: None if truth.box else NO_BOX, at_least=True)
