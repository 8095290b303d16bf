"""Metrics of the study's own."""

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from ganstudy.core import own
from ganstudy.core.errors import UserError
from ganstudy.core.settings import Options, Setting, Use
from ganstudy.metrics.metric import Measured, SampleMetric, jackknifed
from ganstudy.sources.source import Samples

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


class OwnMetricSettings(Setting):
    """A metric of your own, in a Python file."""

    use: Use
    """A file in the folder `own`, and in it a function of generated samples, real ones and the options:
    `metrics/mine.py:my_metric`."""
    options: Options = Field(default_factory=dict)
    """What it is given by name."""
    target: float | None = None
    """Its value at match; by default what perfect samplers score on average."""


def own_value(metric: OwnMetricSettings, samples: Samples, real: Samples) -> float:
    """What a metric of the study's own says of generated samples and real ones, `[n, *shape]`. UserError if
    it raises, gives no number, or tries to change them: others are to be computed from the same."""
    value = own.make(metric.use, _read_only_copy(samples), _read_only_copy(real), **metric.options)
    is_number = np.shape(value) == () and np.asarray(value).dtype.kind in "iuf"
    if not is_number:
        shape = f" of shape {list(np.shape(value))}" if np.shape(value) else ""
        shown = f" ({value!r})" if isinstance(value, str | bool) else ""
        raise UserError(
            f"{own.HOME / metric.use}: returned a {type(value).__name__}{shape}{shown}, expected a number"
        )
    return float(value)


def _read_only_copy(samples: Samples) -> Samples:
    """Read-only, so that changing it is an error; a copy, since `torch.from_numpy` writes all the same."""
    copy = samples.copy()
    copy.flags.writeable = False
    return copy


def own_metric(name: str, settings: OwnMetricSettings) -> SampleMetric:
    """A metric of one's own: of the generated samples and the held-out real ones, both `[n, *shape]`."""

    def measure(generated: "Generated") -> Measured:
        def of(samples: Samples) -> float:
            return own_value(settings, samples, generated.truth.held_out)

        return jackknifed(of, generated.samples)

    target = settings.target
    return SampleMetric(
        label=name.replace("_", " "),
        meaning=f"A metric of this study's own, {own.HOME / settings.use}.",
        unit="its own",
        place=165,
        measure=measure,
        target=None if target is None else lambda truth: target,
        with_target=target != 0,
        of_points=True,
    )
