"""Histories of training as metrics over steps."""

from collections.abc import Iterable
from math import ceil

import numpy as np
import pandas as pd

from ganstudy.statistics.curves import every, interquartile_curve
from ganstudy.tracking.record import CURVE, INTERVAL, Point, metric_name

SEED_POINTS = 1200
"""Of a seed's curves together: six of 200 points are kept whole. Where there are more, points are left out
evenly: the store takes 0.1 s for a thousand."""
INTERVAL_POINTS = 50
"""Of an interval's ends: they are to be seen beside the curve, not read."""


def telling_columns(history: pd.DataFrame) -> list[str]:
    """The columns that say something: a loss without two terms has none to show, one without a penalty 0."""
    table = history.drop(columns=["seed", "step"])
    values = table.to_numpy()
    return [str(name) for name in table.columns[(np.isfinite(values) & (values != 0)).any(axis=0)]]


def seed_curve(history: pd.DataFrame, seed: int) -> list[Point]:
    """The curves of one run, the last point always among them."""
    rows, names = history[history["seed"] == seed], telling_columns(history)
    kept = rows.iloc[every(ceil(len(rows) * len(names) / SEED_POINTS), len(rows))]
    return [point for name in names for point in _points(metric_name(CURVE, name), kept["step"], kept[name])]


def cell_curve(history: pd.DataFrame) -> list[Point]:
    """The interquartile mean over the runs at each step, and its 95 % interval; diverged runs are left out.
    Nothing where all have."""
    points = []
    for name in telling_columns(history):
        table = history.pivot(index="step", columns="seed", values=name)
        means, low, high = interquartile_curve(table.to_numpy(np.float64))
        points += _points(metric_name(CURVE, name), table.index, means)
        shown = every(ceil(len(table) / INTERVAL_POINTS), len(table))
        for end, values in (("low", low), ("high", high)):
            points += _points(metric_name(INTERVAL, f"{name}_{end}"), table.index[shown], values[shown])
    return [point for point in points if not np.isnan(point.value)]


def _points(key: str, steps: Iterable[int], values: Iterable[float]) -> list[Point]:
    # The store would hold infinity as 1.8e308, and draw it.
    return [
        Point(key, float(value) if np.isfinite(value) else float("nan"), int(step))
        for step, value in zip(steps, values, strict=True)
    ]
