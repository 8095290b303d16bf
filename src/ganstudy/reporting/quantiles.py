"""Quantiles of what generators make against the data's."""

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ganstudy.core.text import listed, number
from ganstudy.reporting.curves import DASHED, draw_seeds
from ganstudy.reporting.distributions import SHOWN_DIMS, has_density
from ganstudy.reporting.panels import apart, few_ticks, legend, no_numbers, panels
from ganstudy.reporting.picture import Drawing, Picture
from ganstudy.reporting.style import FAINT, TRUTH
from ganstudy.reporting.subject import Subject
from ganstudy.sources.source import Distribution

SHARES = np.linspace(0.005, 0.995, 67)
"""Below which so much of a distribution lies."""


def draw_quantiles(subject: Subject) -> Drawing:
    """Quantiles of the samples against those of the data: on the diagonal where they match."""
    names = subject.axes[:SHOWN_DIMS]
    figure, axes = panels(
        len(names), subject.losses, legend=True, down=0.5, share_x="none", height=1.48, across=0.16
    )
    real = subject.original(subject.prepared.held_out)
    gaps: dict[str, float] = {}
    for i, (row, name) in enumerate(zip(axes, names, strict=True)):
        truth = true_quantiles(subject, real[:, i])
        low, high = apart(float(truth[0]), float(truth[-1]))
        margin = 0.25 * (high - low)
        limits = low - margin, high + margin
        for ax, result in zip(row, subject.cells, strict=True):
            made = quantiles(subject.original(result.runs.samples)[:, :, i])
            ax.plot(limits, limits, color=TRUTH, linewidth=0.9, linestyle=DASHED)
            if np.isfinite(made.to_numpy()).any():
                made.index = pd.Index(truth)
                draw_seeds(ax, made, subject.colours[result.cell.loss], limits)
            else:
                no_numbers(ax)
            gaps.setdefault(result.cell.loss, median_gap(made.to_numpy(), truth))
            ax.set_xlabel(f"{name}, the data's")
            ax.set_xlim(limits)
            few_ticks(ax.xaxis)
        row[0].set_ylim(limits)
        row[0].set_ylabel(f"{name}, generated")
    legend(
        figure,
        [
            Line2D([], [], color=FAINT, linewidth=1.6, label="median over seeds"),
            Line2D([], [], color=FAINT, linewidth=0.6, label="each seed"),
            Line2D([], [], color=TRUTH, linewidth=0.9, linestyle=DASHED, label="equal to the data's"),
        ],
    )
    found = listed(f"{loss} {number(gap, 2)}" for loss, gap in gaps.items())
    return Drawing(
        figure,
        f"Quantiles of generated samples against the data's, {listed(names)}. The widest gap between the "
        f"two, in the median seed and in the first row: {found}.",
    )


def true_quantiles(subject: Subject, real: NDArray[np.float64]) -> NDArray[np.float64]:
    """The exact ones where they are known, `[shares]`, otherwise those of the held-out values `[n]`."""
    if isinstance(subject.source, Distribution) and subject.source.has("quantiles"):
        return subject.source.quantile(SHARES)
    return np.asarray(np.quantile(real, SHARES))


def quantiles(values: NDArray[np.float64]) -> pd.DataFrame:
    """Of each run's values `[runs, n]`: a row for each share, a column for each run."""
    ended = np.isfinite(values).all(axis=1)
    found = np.full((len(SHARES), len(values)), np.nan)
    if ended.any():
        found[:, ended] = np.quantile(values[ended], SHARES, axis=1)
    return pd.DataFrame(found)


def median_gap(made: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """The widest distance between generated quantiles `[shares, runs]` and true ones, of the median run."""
    gaps = np.abs(made - truth[:, None]).max(axis=0)
    finite: NDArray[np.float64] = gaps[np.isfinite(gaps)]
    return float(np.median(finite)) if len(finite) else float("nan")


QUANTILES = Picture(
    name="quantiles",
    title="Quantile against quantile",
    caption="From the lowest half percent to the highest. On the diagonal the two distributions are equal; "
    "a flatter line is too narrow, one above it too far to the right.",
    applies=has_density,
    draw=draw_quantiles,
    part="output",
)
