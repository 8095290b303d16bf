"""Could the judgement tell a match from a generator that has learnt nothing?

With few samples, or few real ones to compare them with, floors are wide, and tolerances of several floors are
wider than any error. So trivial generators are measured too. Where one of them comes near to passing, a run
within the tolerances is no evidence of a match, and its outcome is `undecided`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ganstudy.core.random import generator
from ganstudy.evaluation.two_sample import two_sample_metrics
from ganstudy.metrics.generated import Generated
from ganstudy.metrics.metric import SampleMetric
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import METRICS, TEST_METRICS
from ganstudy.metrics.wasserstein import wasserstein
from ganstudy.sources.source import Samples
from ganstudy.study.evaluation import TwoSampleTest

TRIVIAL: dict[str, Callable[[Truth, np.random.Generator, tuple[int, ...]], Any]] = {
    "the mean alone": lambda truth, rng, shape: np.broadcast_to(truth.train.mean(axis=0), shape),
    "one training sample alone": lambda truth, rng, shape: np.broadcast_to(rng.choice(truth.train), shape),
    "U(0, 1) noise": lambda truth, rng, shape: rng.random(shape),
    "U(-1, 1) noise": lambda truth, rng, shape: rng.uniform(-1, 1, shape),
    "N(0, 1) noise": lambda truth, rng, shape: rng.standard_normal(shape),
}
"""Generators that have learnt nothing, or next to nothing: samples `[n, *shape]`, in the networks' units."""

MARGIN = 1.5
"""A trivial generator is told from a match if an error of it is so many times what is tolerated: others that
have learnt nothing will be a little nearer than it."""
REPEATS = 3
"""Draws of each trivial generator, of which the nearest counts."""
ENOUGH = 10_000
"""More samples of a trivial generator would hardly change its errors."""
ALIKE = 0.1
"""Noise within so many standard deviations of the data, by its Wasserstein distance, is no trivial generator
of them: it is right."""


def trivial_errors(
    truth: Truth,
    n: int,
    metrics: Mapping[str, SampleMetric],
    targets: Mapping[str, float],
    test: TwoSampleTest | None = None,
) -> dict[str, dict[str, float]]:
    """Of every trivial generator its least error by each of the metrics, from `n` samples.

    With a `test` also by the classifier two-sample test. Noise that is right for these data is left out.
    """
    errors = {}
    for name in TRIVIAL:
        if _is_right(truth, name):
            continue
        draws = [_drawn(truth, name, i, min(n, ENOUGH)) for i in range(REPEATS)]
        rows = [_errors(Generated(samples, truth), metrics, targets) for samples in draws]
        if test:
            told = two_sample_metrics(test, range(REPEATS), np.stack(draws), truth)
            rows = [
                row | {of: seen[f"{of}_error"] for of in TEST_METRICS}
                for row, seen in zip(rows, told, strict=True)
            ]
        errors[name] = {of: min(row[of] for row in rows) for of in rows[0]}
    return errors


def trivial_passes(
    trivial: Mapping[str, Mapping[str, float | None]], metrics: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """The trivial generators that the tolerances of these metrics do not clearly tell from a match."""
    allowed = {}
    for name, about in metrics.items():
        if about["tolerance"] is not None:
            metric, tolerance = METRICS.get(name), about["tolerance"]
            allowed[name] = metric.greatest_error(about["target"], tolerance) if metric else tolerance

    def is_told(errors: Mapping[str, float | None]) -> bool:
        found = [(errors.get(name), most) for name, most in allowed.items()]
        return any(error is not None and error > most and error >= MARGIN * most for error, most in found)

    return [name for name, errors in trivial.items() if not is_told(errors)]


def _errors(
    generated: Generated, metrics: Mapping[str, SampleMetric], targets: Mapping[str, float]
) -> dict[str, float]:
    return {
        name: metric.measure(generated).with_error_bound(targets[name], name)[f"{name}_error"]
        for name, metric in metrics.items()
    }


def _drawn(truth: Truth, name: str, number: int, n: int) -> Samples:
    drawn = TRIVIAL[name](truth, generator(number, "trivial", name), (n, *truth.train.shape[1:]))
    return np.asarray(drawn, np.float32)


def _is_right(truth: Truth, name: str) -> bool:
    """Whether it is noise, and these data are such noise."""
    if not name.endswith("noise"):
        return False
    real = truth.draw(generator(0, "trivial", "real"), ENOUGH)
    noise = _drawn(truth, name, REPEATS, ENOUGH)
    distance = wasserstein(Generated(noise, replace(truth, held_out=real))).value
    return bool(distance <= ALIKE * real.std(axis=0, dtype=np.float64).mean())
