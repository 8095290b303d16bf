"""What a metric promises."""

from typing import NamedTuple

import numpy as np

from ganstudy.cli.contracts import expect
from ganstudy.core import own
from ganstudy.core.random import generator
from ganstudy.metrics.own import OwnMetricSettings, own_value
from ganstudy.sources.source import Samples


class TriedMetric(NamedTuple):
    """A metric of one's own, and the real samples `[n, *shape]` that it compares with."""

    metric: OwnMetricSettings
    real: Samples

    def __call__(self, samples: Samples) -> float:
        """The metric of these samples, `[n, *shape]`, and the real ones."""
        return own_value(self.metric, samples.copy(), self.real.copy())


def it_is_a_finite_number(measure: TriedMetric) -> None:
    value = measure(measure.real)
    expect(np.isfinite(value), f"of the real samples themselves it is {value}")


def it_follows_from_its_samples(measure: TriedMetric) -> None:
    one, same = measure(measure.real), measure(measure.real)
    expect(one == same, f"asked twice it says {one} and {same}; take no random numbers but from a fixed seed")


def it_leaves_its_samples_as_they_are(measure: TriedMetric) -> None:
    generated, real = measure.real.copy(), measure.real.copy()
    own.make(measure.metric.use, generated, real, **measure.metric.options)
    expect(np.array_equal(generated, measure.real), "it changes the generated samples it is given")
    expect(np.array_equal(real, measure.real), "it changes the real samples it is given")


def it_tells_other_samples_from_these(measure: TriedMetric) -> None:
    noise = generator(0, "contract").standard_normal(measure.real.shape, np.float32)
    far = measure.real * np.float32(0.5) + 3 * noise
    expect(
        not np.isclose(measure(far), measure(measure.real), rtol=1e-9),
        "it says the same of real samples and of quite other ones",
    )


METRIC = [
    it_leaves_its_samples_as_they_are,
    it_is_a_finite_number,
    it_follows_from_its_samples,
    it_tells_other_samples_from_these,
]
