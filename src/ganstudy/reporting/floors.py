"""Distances in floors: what all variants and losses have in common."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray

from ganstudy.core.text import exact
from ganstudy.reporting.style import TRUTH
from ganstudy.reporting.subject import Subject
from ganstudy.results.study_results import CellResult

LEAST_SHOWN, MOST_SHOWN = 0.05, 1000
"""Beyond them runs are drawn at the edge."""
Span = tuple[float, float, float]
"""Low, middle, high."""


def scores(subject: Subject, result: CellResult) -> NDArray[np.float64]:
    """Every run's distance in floors, `[seeds]`; infinite where it diverged."""
    key, floor = f"{subject.compared['score']}_error", subject.compared["floor"]
    values = [run.get(key) for run in result.judged["runs"]]
    return np.array([np.inf if value is None else value / floor for value in values])


def in_floors(subject: Subject, result: CellResult) -> Span | None:
    """The interquartile mean of the runs' distances in its interval over the seeds; None without any."""
    over_runs = result.judged["over_runs"].get(f"{subject.compared['score']}_error")
    if not over_runs or over_runs["mean"] is None:
        return None
    low, middle, high = (over_runs[key] / subject.compared["floor"] for key in ("low", "mean", "high"))
    return low, middle, high


def reach(spans: Sequence[Span | None]) -> tuple[float, float]:
    """Limits that show all of them, and a good deal around 1."""
    values = [value for span in spans if span for value in span if np.isfinite(value) and value > 0]
    low, high = min([0.5, *values]) / 1.25, max([4.0, *values]) * 1.25
    return max(low, LEAST_SHOWN), min(high, MOST_SHOWN)


def floors_axis(ax: Axes, limits: tuple[float, float]) -> None:
    """Floors from left to right, by factors, and the floor itself."""
    ax.set_xscale("log")
    ax.set_xlim(limits)
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if limits[1] / limits[0] < 60 else (1,)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, place: exact(value)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.axvline(1, color=TRUTH, linewidth=0.9, linestyle=":")
