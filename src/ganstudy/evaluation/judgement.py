"""A cell's runs, judged one by one and summed up."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ganstudy.evaluation.evidence import trivial_passes
from ganstudy.evaluation.rounding import rounded
from ganstudy.evaluation.two_sample import two_sample_metrics
from ganstudy.metrics.brier import brier_with_error_bound
from ganstudy.metrics.generated import Generated
from ganstudy.metrics.metric import Metric, SampleMetric
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import DISCRIMINATOR_METRICS, metric_of, sample_metrics
from ganstudy.sources.source import Samples
from ganstudy.statistics.estimates import interquartile_interval, interquartile_mean, wilson
from ganstudy.study.evaluation import OUTCOMES, Evaluation, Floors, ToleranceBase
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

MOST_TOLD_VALUES = 16
"""Of so many values a sample may have, each one's moments are told; images and the like are summarised."""

Thresholds = Mapping[str, Mapping[str, Any]]
"""By name: `target`, `floor`, `tolerance` and, where the metric says nothing, the `reason`."""


def thresholds(tolerance: ToleranceBase, floors: Thresholds) -> dict[str, dict[str, Any]]:
    """Every metric of samples with its target, its floor and how far off it may be (None: it is not
    judged); and, where it is to be judged, what the trained discriminator says."""
    thresholds = {name: {**about, "tolerance": None} for name, about in floors.items()}
    for name, given in tolerance:
        if name == "brier":
            thresholds[name] = {"target": None, "floor": None, "tolerance": given, "reason": None}
        elif thresholds[name]["reason"] is None:
            about = thresholds[name]
            about["tolerance"] = given.floors * about["floor"] if isinstance(given, Floors) else float(given)
    return thresholds


def judge_runs(
    cell: Cell, runs: Runs, truth: Truth, evaluation: Evaluation, thresholds: Thresholds
) -> list[dict[str, Any]]:
    """Of each run its metrics, their errors and the upper ends of the errors' intervals, and its outcome with
    the criteria that failed. A run's row is its own, whatever other runs there are."""
    point = cell.recipe.noise.is_constant
    replicas = range(len(runs.seeds))
    finite = [replica for replica in replicas if _is_finite(runs, replica)]
    rows = [{"seed": runs.seeds[replica], **discriminator_metrics(runs, replica)} for replica in replicas]
    known = sample_metrics(evaluation.metrics)
    for replica in finite:
        rows[replica] |= _measured(runs.samples[replica], truth, thresholds, known)
        if "brier" in thresholds:
            rows[replica] |= brier_with_error_bound(runs, replica)
    if finite and not point:
        seeds = [runs.seeds[replica] for replica in finite]
        for replica, found in zip(
            finite,
            two_sample_metrics(evaluation.two_sample_test, seeds, runs.samples[finite], truth),
            strict=True,
        ):
            rows[replica] |= found
    for replica, row in enumerate(rows):
        row["failed"] = []
        if replica not in finite:
            row |= {"outcome": "diverged", **dict.fromkeys(_that_say_something(thresholds))}
            continue
        row["failed"] = [
            name
            for name, about in thresholds.items()
            if _failed(metric_of(name, evaluation.metrics), name, about["tolerance"], row)
        ]
        row["outcome"] = "off_target" if row["failed"] else "matched"
        # Also within the tolerances: those may say nothing of spread, or be wide because samples are few.
        if _has_collapsed(row, runs.samples[replica], truth, evaluation, point):
            row["outcome"] = "collapsed"
    return rows


def judge(
    cell: Cell,
    runs: Runs,
    truth: Truth,
    thresholds: Thresholds,
    rows: Sequence[dict[str, Any]],
    trivial: Mapping[str, Mapping[str, float | None]],
) -> dict[str, Any]:
    """The whole cell, from its runs' rows and the errors of trivial generators: ready for JSON.

    Where a trivial generator passes, no run has matched: those within the tolerances are `undecided`.
    """
    passes = trivial_passes(trivial, thresholds)
    if passes:
        rows = [{**row, "outcome": "undecided"} if row["outcome"] == "matched" else row for row in rows]
    thresholds = {
        **thresholds,
        **{name: _about_discriminator(name, runs, thresholds) for name in DISCRIMINATOR_METRICS},
    }
    return rounded(
        {
            "variant": cell.variant,
            "loss": cell.loss,
            "samples": runs.samples.shape[1],
            "held_out": len(truth.held_out),
            "update": runs.update,
            "update_asked": cell.recipe.update,
            "overrides": cell.overrides,
            "metrics": thresholds,
            "over_runs": _over_runs(thresholds, rows),
            "trivial_passes": passes,
            "runs": list(rows),
        }
    )


def summarise_cell(judged: dict[str, Any]) -> dict[str, Any]:
    """The cell in one number a key: outcomes, success rate with its 95 % Wilson interval, and of each metric
    and its error the interquartile mean over the runs that have it."""
    outcomes = [run["outcome"] for run in judged["runs"]]
    n, matched = len(outcomes), outcomes.count("matched")
    low, high = wilson(matched, n)
    return rounded(
        {
            "runs": n,
            **{outcome: outcomes.count(outcome) for outcome in OUTCOMES},
            "success_rate": matched / n,
            "success_rate_low": low,
            "success_rate_high": high,
            **{column: about["mean"] for column, about in judged["over_runs"].items()},
        }
    )


def _over_runs(thresholds: Thresholds, rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Of each metric and its error the interquartile mean over the runs that have it, with its 95 % bootstrap
    interval."""
    table = pd.DataFrame(list(rows))
    columns = [column for name in thresholds for column in (name, f"{name}_error") if column in table]
    over_runs = {}
    for column in columns:
        values = table[column].to_numpy(dtype=np.float64, na_value=np.nan)
        low, high = interquartile_interval(values)
        over_runs[column] = {"mean": interquartile_mean(values), "low": low, "high": high}
    return over_runs


def _about_discriminator(name: str, runs: Runs, thresholds: Thresholds) -> dict[str, Any]:
    target, reason = DISCRIMINATOR_METRICS[name].target(runs)
    tolerance = thresholds[name]["tolerance"] if name in thresholds else None
    return {"target": target, "floor": None, "tolerance": tolerance, "reason": reason}


def _measured(
    samples: Samples, truth: Truth, thresholds: Thresholds, known: Mapping[str, SampleMetric]
) -> dict[str, Any]:
    """All that a run's samples say, `[n, *shape]`."""
    row: dict[str, Any] = {}
    generated = Generated(samples, truth)
    for name in _that_say_something(thresholds):
        if name in known:
            row |= known[name].measure(generated).with_error_bound(thresholds[name]["target"], name)
    if 1 < generated.values.shape[1] <= MOST_TOLD_VALUES and thresholds["std"]["reason"] is None:
        row["moments"] = {name: values.tolist() for name, values in generated.moments._asdict().items()}
    return row


def _that_say_something(thresholds: Thresholds) -> list[str]:
    return [name for name, about in thresholds.items() if about["reason"] is None]


def discriminator_metrics(runs: Runs, replica: int) -> dict[str, Any]:
    """The run's metrics about its trained discriminator; NaN where the loss has no such thing."""
    metrics = {name: metric.measure(runs, replica) for name, metric in DISCRIMINATOR_METRICS.items()}
    if runs.pretest:
        metrics |= {f"pretest_{name}": float(answer[replica]) for name, answer in runs.pretest.items()}
    return metrics


def _failed(metric: Metric, name: str, tolerance: float | None, row: Mapping[str, Any]) -> bool:
    """Whether the metric's interval reaches beyond its tolerance: it need not be wrong, but it has not been
    shown to be right."""
    return tolerance is not None and not metric.passes(metric.bound(name, row), tolerance)


def _is_finite(runs: Runs, replica: int) -> bool:
    """Whether the run ended with numbers: in its samples and in all its weights."""
    weights = all(np.isfinite(value[replica]).all() for value in runs.weights.values())
    return weights and bool(np.isfinite(runs.samples[replica]).all())


def _has_collapsed(
    row: dict[str, Any], samples: np.ndarray, truth: Truth, evaluation: Evaluation, point: bool
) -> bool:
    if point:
        return False
    has_spread = (
        samples.astype(float).std(axis=0).mean() >= evaluation.collapsed_spread * truth.moments.std.mean()
    )
    if truth.modes:
        captured = 1 - row["modes_missing"] / len(truth.modes.centres)
        return bool(captured < evaluation.collapsed_modes or not has_spread)
    return not has_spread
