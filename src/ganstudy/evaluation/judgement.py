"""A cell's runs, judged one by one and summed up."""

from typing import Any

import numpy as np
import pandas as pd

from ganstudy.evaluation.adversary import ADVERSARY, adversary_figures
from ganstudy.evaluation.figures import FIGURES
from ganstudy.evaluation.rounding import rounded
from ganstudy.evaluation.truth import Truth
from ganstudy.params import Cell, Evaluation
from ganstudy.params.study import OUTCOMES, Tolerance
from ganstudy.randomness import generator
from ganstudy.runs import Runs
from ganstudy.statistics import interquartile_mean, wilson

FLOOR_DRAWS = 40
FLOOR_QUANTILE = 0.95


def judge(cell: Cell, runs: Runs, truth: Truth, evaluation: Evaluation) -> dict[str, Any]:
    """Every run's figures and outcome, beside each figure's target, floor and tolerance; ready for JSON.

    A figure's floor is the error that a perfect sampler stays below in 95 of 100 draws of the same size.
    """
    point = cell.recipe.noise.name == "constant"
    n = runs.samples.shape[1]
    figures = {name: _about(name, truth, point, n) for name in FIGURES}
    tolerance = _tolerances(cell, evaluation, figures)
    for name, value in tolerance.items():
        figures[name]["tolerance"] = value
    rows = [_judge_run(runs, lane, truth, figures, evaluation, point) for lane in range(len(runs.seeds))]
    figures |= {name: _about_adversary(name, runs) for name in ADVERSARY}
    return rounded(
        {
            "variant": cell.variant,
            "loss": cell.loss,
            "samples": n,
            "held_out": len(truth.held_out),
            "update": runs.update,
            "update_asked": cell.recipe.update,
            "overrides": cell.overrides,
            "figures": figures,
            "runs": rows,
        }
    )


def summarise(judged: dict[str, Any]) -> dict[str, Any]:
    """The cell in one number a key: outcomes, success rate with its 95 % Wilson interval, and of each figure
    the interquartile mean over the runs that have it."""
    rows = pd.DataFrame(judged["runs"])
    counts = {outcome: int((rows["outcome"] == outcome).sum()) for outcome in OUTCOMES}
    low, high = wilson(counts["matched"], len(rows))
    summary: dict[str, Any] = {
        "runs": len(rows),
        **counts,
        "success_rate": counts["matched"] / len(rows),
        "success_rate_low": low,
        "success_rate_high": high,
    }
    for name in judged["figures"]:
        for column in (name, f"{name}_error"):
            if column in rows:
                summary[column] = interquartile_mean(rows[column].to_numpy(dtype=np.float64, na_value=np.nan))
    return rounded(summary)


def _about(name: str, truth: Truth, point: bool, n: int) -> dict[str, Any]:
    figure = FIGURES[name]
    reason = figure.inapplicable(truth, point)
    if reason:
        return {"target": None, "floor": None, "tolerance": None, "reason": reason}
    rng = generator(0, "floor", name)
    errors = [figure.measure(truth.draw(rng, n), truth).error for _ in range(FLOOR_DRAWS)]
    floor = float(np.quantile(errors, FLOOR_QUANTILE))
    return {"target": figure.target(truth), "floor": floor, "tolerance": None, "reason": None}


def _about_adversary(name: str, runs: Runs) -> dict[str, Any]:
    target, reason = ADVERSARY[name].target(runs)
    return {"target": target, "floor": None, "tolerance": None, "reason": reason}


def _tolerances(cell: Cell, evaluation: Evaluation, figures: dict[str, dict[str, Any]]) -> dict[str, float]:
    """What is judged, and how far off it may be."""
    given = evaluation.tolerances.get(cell.recipe.source.name)
    if given is None:
        floor = figures["wasserstein"]["floor"]
        return {} if floor is None else {"wasserstein": evaluation.floors * floor}
    named = {name: getattr(given, name) for name in Tolerance.model_fields}
    return {
        name: float(value)
        for name, value in named.items()
        if value is not None and figures[name]["reason"] is None
    }


def _judge_run(
    runs: Runs,
    lane: int,
    truth: Truth,
    figures: dict[str, dict[str, Any]],
    evaluation: Evaluation,
    point: bool,
) -> dict[str, Any]:
    samples = runs.samples[lane]
    row: dict[str, Any] = {"seed": runs.seeds[lane], **adversary_figures(runs, lane)}
    names = [name for name, about in figures.items() if about["reason"] is None]
    if not _is_finite(runs, lane):
        return row | {"outcome": "diverged", "failed": [], **dict.fromkeys(names)}
    failed = []
    for name in names:
        measured = FIGURES[name].measure(samples, truth)
        row |= {name: measured.value, f"{name}_error": measured.error}
        limit = figures[name]["tolerance"]
        if limit is not None and not (
            measured.value >= limit if FIGURES[name].at_least else measured.error <= limit
        ):
            failed.append(name)
    outcome = "off_target" if failed else "matched"
    if failed and _has_collapsed(row, samples, truth, evaluation, point):
        outcome = "collapsed"
    return row | {"outcome": outcome, "failed": failed}


def _is_finite(runs: Runs, lane: int) -> bool:
    """Whether the run ended with numbers: in its samples and in all its weights."""
    weights = all(np.isfinite(value[lane]).all() for value in runs.weights.values())
    return weights and bool(np.isfinite(runs.samples[lane]).all())


def _has_collapsed(
    row: dict[str, Any], samples: np.ndarray, truth: Truth, evaluation: Evaluation, point: bool
) -> bool:
    if point:
        return False
    spread = samples.astype(float).std(axis=0).mean() / truth.moments.std.mean()
    if truth.mixture:
        captured = 1 - row["modes_missing"] / len(truth.mixture.centres)
        return bool(captured < evaluation.collapsed_modes or spread < evaluation.collapsed_spread)
    return bool(spread < evaluation.collapsed_spread)
