"""What a perfect sampler would score: no generator can be asked for less."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import stats

from ganstudy.core.random import generator
from ganstudy.evaluation.evidence import trivial_errors
from ganstudy.evaluation.rounding import rounded
from ganstudy.evaluation.two_sample import two_sample_metrics
from ganstudy.metrics.generated import Generated
from ganstudy.metrics.metric import POINT
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import TEST_METRICS, sample_metrics
from ganstudy.sources.source import Samples
from ganstudy.study.evaluation import Evaluation
from ganstudy.study.variant import Variant

DRAWS = 100
INFINITE = "it is not finite for samples of the data themselves"
GROUP = 25
"""Classifiers trained side by side: more would only need memory."""
SHARE, CONFIDENCE = 0.95, 0.99

DrawnValues = dict[str, list[float]]
"""Of each metric its values, or errors, in the draws."""


def perfect(truth: Truth, draw: int, n: int) -> Samples:
    """The samples of perfect sampler number `draw`, `[n, *shape]`."""
    return truth.draw(generator(draw, "floor"), n)


def applicable(truth: Truth, point: bool, evaluation: Evaluation) -> dict[str, str | None]:
    """Of every metric of samples, why it says nothing here; None where it does."""
    metrics = sample_metrics(evaluation.metrics)
    reasons = {name: metric.inapplicable(truth, point) for name, metric in metrics.items()}
    return {**reasons, **dict.fromkeys(TEST_METRICS, POINT if point else None)}


def score(
    truth: Truth, variant: Variant, evaluation: Evaluation, draws: Sequence[int]
) -> dict[str, DrawnValues]:
    """What these perfect samplers get: each metric's `value`, and its `error` where that is told apart."""
    n, point = variant.samples, variant.noise.is_constant
    known = sample_metrics(evaluation.metrics)
    values: DrawnValues = {}
    errors: DrawnValues = {}
    names = [name for name, reason in applicable(truth, point, evaluation).items() if reason is None]
    for draw in draws:
        generated = Generated(perfect(truth, draw, n), truth)
        for name in names:
            if name in known:
                measured = known[name].measure(generated)
                values.setdefault(name, []).append(measured.value)
                if measured.error is not None:
                    errors.setdefault(name, []).append(measured.error)
    for group in [] if point else [draws[i : i + GROUP] for i in range(0, len(draws), GROUP)]:
        samples = np.stack([perfect(truth, draw, n) for draw in group])
        for found in two_sample_metrics(evaluation.two_sample_test, group, samples, truth):
            for name in TEST_METRICS:
                values.setdefault(name, []).append(found[name])
                errors.setdefault(name, []).append(found[f"{name}_error"])
    return {"value": values, "error": errors}


def targets_and_floors(
    truth: Truth, variant: Variant, evaluation: Evaluation, scores: Sequence[dict[str, DrawnValues]]
) -> dict[str, Any]:
    """Every metric's target and floor, from the scores of all DRAWS in parts, and the errors of trivial
    generators; ready for JSON."""
    values, errors = (_joined([part[kind] for part in scores]) for kind in ("value", "error"))
    metrics: dict[str, Any] = {}
    known, point = sample_metrics(evaluation.metrics), variant.noise.is_constant
    for name, reason in applicable(truth, point, evaluation).items():
        if reason is not None:
            metrics[name] = {"target": None, "floor": None, "reason": reason}
            continue
        if name in TEST_METRICS:
            target = TEST_METRICS[name].at_match
        else:
            at_match = known[name].target
            target = float(np.mean(values[name])) if at_match is None else at_match(truth)
        off = errors.get(name) or [abs(value - target) for value in values[name]]
        metrics[name] = {"target": target, "floor": bound(off), "reason": None}
        if not np.isfinite([target, metrics[name]["floor"]]).all():
            metrics[name] = {"target": None, "floor": None, "reason": INFINITE}
        if name in evaluation.metrics:
            metrics[name]["use"] = evaluation.metrics[name].use
    told = {name: about for name, about in metrics.items() if about["reason"] is None}
    trivial = (
        {}
        if point
        else trivial_errors(
            truth,
            variant.samples,
            {name: known[name] for name in told if name in known},
            {name: about["target"] for name, about in told.items()},
            evaluation.two_sample_test,
        )
    )
    return rounded(
        {
            "samples": variant.samples,
            "held_out": len(truth.held_out),
            "draws": DRAWS,
            "classifier_accuracy": truth.classifier.accuracy if truth.classifier else None,
            "metrics": metrics,
            "trivial": trivial,
        }
    )


def bound(errors: Sequence[float]) -> float:
    """A bound that at least 95 of 100 errors stay below, with 99 % confidence (Wilks 1941): the largest of
    100. NaN of fewer than 90. (A study states dozens: with less confidence some would be too low.)"""
    n = len(errors)
    rank = int(stats.binom.ppf(CONFIDENCE, n, SHARE))
    return float(np.sort(errors)[rank]) if rank < n else float("nan")


def _joined(parts: Sequence[DrawnValues]) -> DrawnValues:
    # In order of size: a sum's last bits must not tell how the draws were shared out.
    names = {name for part in parts for name in part}
    return {name: sorted(x for part in parts for x in part.get(name, [])) for name in names}
