"""What a metric promises."""

import numpy as np

from ganstudy import own
from ganstudy.contracts.clause import expect
from ganstudy.params.evaluation import Metric
from ganstudy.randomness import generator
from ganstudy.sources.source import Samples


class Measure:
    """A metric of one's own, beside real samples `[n, dims]`."""

    def __init__(self, metric: Metric, real: Samples) -> None:
        self.metric, self.real = metric, real

    def __call__(self, samples: Samples) -> float:
        value: float = own.make(self.metric.use, samples, self.real, **self.metric.options)
        return value


def it_is_a_finite_number(measure: Measure) -> None:
    value = measure(measure.real)
    expect(np.shape(value) == () and np.isreal(value), f"gives a {type(value).__name__}; should be a number")
    expect(np.isfinite(value), f"of the real samples themselves it is {value}")


def it_follows_from_its_samples(measure: Measure) -> None:
    one, same = measure(measure.real), measure(measure.real)
    expect(one == same, f"asked twice it says {one} and {same}; take no random numbers but from a fixed seed")


def it_leaves_its_samples_as_they_are(measure: Measure) -> None:
    before = measure.real.copy()
    given = measure.real.copy()
    measure(given)
    expect(np.array_equal(given, before), "it changes the generated samples it is given")
    expect(np.array_equal(measure.real, before), "it changes the real samples it is given")


def it_tells_other_samples_from_these(measure: Measure) -> None:
    noise = generator(0, "contract").standard_normal(measure.real.shape, np.float32)
    far = measure.real * np.float32(0.5) + 3 * noise
    expect(
        not np.isclose(measure(far), measure(measure.real), rtol=1e-9),
        "it says the same of real samples and of quite other ones",
    )


METRIC = [
    it_is_a_finite_number,
    it_follows_from_its_samples,
    it_leaves_its_samples_as_they_are,
    it_tells_other_samples_from_these,
]
