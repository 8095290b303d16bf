"""Curves of every seed, and over the seeds, as a table that DVC's plots can draw."""

from math import ceil

import numpy as np
import pandas as pd

from ganstudy.reporting.curves import curve, distance_from_targets, moment_columns, target_moments
from ganstudy.reporting.subject import Subject
from ganstudy.results import paths
from ganstudy.statistics.curves import every, interquartile_curve
from ganstudy.training.runs import Runs

TABLE_POINTS = 50
"""Of a curve at most, as in a table that is committed and drawn in a browser."""
OVER_SEEDS = ("mean", "lower", "upper")
"""In the place of a seed: their interquartile mean and the ends of its 95 % interval."""


def write_curves(subject: Subject) -> None:
    """Write reports/curves/VARIANT.csv: a row for each loss, seed and step; same results, same bytes."""
    path = paths.curves(subject.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    curve_table(subject).to_csv(path, index=False, float_format="%.4g", lineterminator="\n")


def curve_table(subject: Subject) -> pd.DataFrame:
    """`loss`, `seed`, `step`, and a column for each curve. No number where a run has diverged."""
    tables = [
        pd.DataFrame({name: _rows(values) for name, values in _curves(subject, result.runs).items()})
        .rename_axis(["seed", "step"])
        .reset_index()
        .assign(loss=result.cell.loss)
        for result in subject.cells
    ]
    table = pd.concat(tables, ignore_index=True).replace([np.inf, -np.inf], np.nan)
    return table[["loss", "seed", "step", *table.columns.difference(["loss", "seed", "step"], sort=False)]]


def _curves(subject: Subject, runs: Runs) -> dict[str, pd.DataFrame]:
    """What pictures of training show too: a row for each point, a column for each seed."""
    moments = ["mean"] if subject.is_point else ["mean", "std"]
    errors = {
        f"{name}_error": distance_from_targets(
            [curve(runs, column) for column in moment_columns(subject, name)], target_moments(subject, name)
        )
        for name in moments
    }
    return {**errors, "discriminator": curve(runs, "discriminator")}


def _rows(values: pd.DataFrame) -> "pd.Series[float]":
    """Of one curve, by seed and step."""
    values = values.iloc[every(ceil(len(values) / TABLE_POINTS), len(values))]
    over = interquartile_curve(values.to_numpy())
    index = pd.MultiIndex.from_product([[*values.columns, *OVER_SEEDS], values.index])
    return pd.Series(np.concatenate([values.to_numpy().T, over]).ravel(), index=index)
