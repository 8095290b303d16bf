"""The Kolmogorov-Smirnov distance."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ganstudy.metrics.metric import Measured, SampleMetric, Shown

if TYPE_CHECKING:
    from ganstudy.metrics.generated import Generated


def kolmogorov_smirnov(generated: "Generated") -> Measured:
    """The greatest difference between distribution functions: of a Gaussian exactly, otherwise of each
    dimension's held-out samples, the largest over dimensions."""
    from scipy import stats

    truth, samples = generated.truth, generated.values.astype(np.float64)
    if truth.known:
        samples = truth.known.cdf(samples)
        tests: list[Any] = [stats.kstest(samples[:, 0], "uniform")]
    else:
        pairs = zip(samples.T, truth.values.T, strict=True)
        tests = [stats.ks_2samp(ours, real, method="asymp") for ours, real in pairs]
    worst = int(np.argmax([test.statistic for test in tests]))
    below = float((samples[:, worst] <= tests[worst].statistic_location).mean())
    return Measured(float(tests[worst].statistic), (below * (1 - below) / len(samples)) ** 0.5)


METRIC = SampleMetric(
    label="KS",
    meaning="Kolmogorov-Smirnov distance, of the worst value of a sample.",
    unit="probability",
    paper="Kolmogorov 1933",
    criterion="Kolmogorov-Smirnov distance at most {0:.3g}",
    place=60,
    measure=kolmogorov_smirnov,
    shown=Shown.IF_JUDGED,
    of_pixels=False,
)
