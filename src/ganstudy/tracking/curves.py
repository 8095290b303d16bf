"""Histories of training as metrics over steps."""

from collections.abc import Iterable
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from ganstudy.statistics import interquartile_mean
from ganstudy.tracking.record import Point

SEED_POINTS = 900
"""A seed's whole curve, together with its final figures, shall fit into one call to the store: calls are what
mirroring takes its time for. Where there are more columns than usual, points are left out evenly."""


def columns(history: pd.DataFrame) -> list[str]:
    """The columns that say something: a loss without two terms has none to show, one without a penalty 0."""
    table = history.drop(columns=["seed", "step"])
    values = table.to_numpy()
    return [str(name) for name in table.columns[(np.isfinite(values) & (values != 0)).any(axis=0)]]


def seed_curve(history: pd.DataFrame, seed: int) -> list[Point]:
    """The curves of one run, the last point always among them."""
    rows, names = history[history["seed"] == seed], columns(history)
    every = max(1, ceil(len(rows) * len(names) / SEED_POINTS))
    kept = rows.iloc[::-1].iloc[::every].iloc[::-1]
    return [point for name in names for point in _points(name, kept["step"], kept[name])]


def cell_curve(history: pd.DataFrame) -> list[Point]:
    """The interquartile mean over the runs at each step, diverged ones left out; none where all have."""
    points = []
    for name in columns(history):
        table = history.pivot(index="step", columns="seed", values=name)
        means = _interquartile_means(table.to_numpy())
        points += [point for point in _points(name, table.index, means) if not np.isnan(point.value)]
    return points


def _points(name: str, steps: Iterable[int], values: Iterable[float]) -> list[Point]:
    # The store would hold infinity as 1.8e308, and draw it.
    return [
        Point(f"curve/{name}", float(value) if np.isfinite(value) else float("nan"), int(step))
        for step, value in zip(steps, values, strict=True)
    ]


def _interquartile_means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each row. Those without gaps, nearly all, at once: one by one they would take seconds in all."""
    whole = np.isfinite(values).all(axis=1)
    means = np.empty(len(values))
    means[whole] = stats.trim_mean(values[whole], 0.25, axis=1)
    means[~whole] = [interquartile_mean(row) for row in values[~whole]]
    return means
