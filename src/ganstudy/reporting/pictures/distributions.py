"""Pictures of what finished generators make: histograms, quantiles and scatter plots."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection, LineCollection
from numpy.typing import NDArray

from ganstudy.core.text import listed, number
from ganstudy.reporting import panels
from ganstudy.reporting.picture import Drawing, Picture, Subject
from ganstudy.reporting.pictures.curves import draw_seeds, median_of_finite
from ganstudy.reporting.style import FAINT, INK
from ganstudy.sources.source import Distribution

BINS = 60
SHOWN_DIMS = 4
SCATTER_SEEDS = 3
SHOWN_SAMPLES = 1000
SHARES = np.linspace(0.005, 0.995, 67)
"""Of a distribution, that lie below its quantiles."""


def has_density(subject: Subject) -> bool:
    """Whether a sample's values are worth a look one by one."""
    return not (subject.is_image or subject.is_point or subject.source.modes)


def exact_source(subject: Subject) -> Distribution | None:
    """The source where its density and quantiles are known, and need not be taken from held-out samples."""
    source = subject.source
    return source if isinstance(source, Distribution) and source.has("quantiles") else None


def generated(subject: Subject, i: int) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Each loss with value `i` of its samples in original units, `[runs, n]`."""
    for result in subject.cells:
        yield result.cell.loss, subject.original(result.runs.samples)[:, :, i]


# ---- Histograms


def draw_distribution(subject: Subject) -> Drawing:
    """Histograms of each of the first values of a sample, all seeds together, with the truth."""
    names = subject.axes[:SHOWN_DIMS]
    figure, axes = panels.small_multiples(
        len(names), subject.losses, legend=True, remarks=True, down=0.5, share_x="none", height=1.35
    )
    real = subject.original(subject.prepared.held_out)
    outside: dict[str, float] = {}
    for i, (row, name) in enumerate(zip(axes, names, strict=True)):
        edges = bin_edges(real[:, i])
        x, density = true_density(subject, real[:, i], edges)
        for ax, (loss, values) in zip(row, generated(subject, i), strict=True):
            share = draw_histograms(ax, values, edges, subject.colours[loss])
            outside.setdefault(loss, share)
            ax.plot(x, density, **panels.TRUE)
            ax.set_xlabel(name)
            ax.set_xlim(edges[0], edges[-1])
            panels.few_ticks(ax.xaxis)
        row[0].set_ylim(0, 1.9 * density.max())
        row[0].set_ylabel("density")
    together = {"color": FAINT, "linewidth": 5, "alpha": 0.5, "label": "all seeds together"}
    panels.legend(figure, {**panels.TRUE, "label": "the data"}, together, panels.EACH_SEED)
    beyond = listed(f"{loss} {100 * share:.0f} %" for loss, share in outside.items())
    alt = f"Histograms of generated samples on the density of the data, {listed(names)}."
    return figure, f"{alt} Samples beyond the axis in the first row: {beyond}."


def bin_edges(real: NDArray[np.float64]) -> NDArray[np.float64]:
    """Edges of bins, `[bins + 1]`: the range of the real values `[n]` with a tenth of it on both sides."""
    low, high = panels.apart(float(real.min()), float(real.max()))
    margin = 0.1 * (high - low)
    return np.linspace(low - margin, high + margin, BINS + 1)


def true_density(
    subject: Subject, real: NDArray[np.float64], edges: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of the exact density, or the outline of the histogram of held-out values `[n]`: where, and how
    high, `[points]` each."""
    if exact := exact_source(subject):
        x = np.linspace(edges[0], edges[-1], 300)
        return x, exact.pdf(x)
    return outline(np.histogram(real, edges, density=True)[0], edges)


def outline(
    heights: NDArray[np.float64], edges: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of the bars of a histogram, `[bins]`: where, and how high, `[2 bins]` each."""
    return np.repeat(edges, 2)[1:-1], np.repeat(heights, 2)


def draw_histograms(ax: Axes, values: NDArray[np.float64], edges: NDArray[np.float64], colour: str) -> float:
    """All seeds' values `[runs, n]` together, and each seed's outline. Returns the share beyond the axis."""
    if panels.say_if_empty(ax, values):
        return float("nan")
    together = share_of(values[np.isfinite(values)], edges)
    seeds = [share_of(finite, edges) for run in values if len(finite := run[np.isfinite(run)])]
    width = edges[1] - edges[0]
    ax.stairs(together / width, edges, fill=True, color=colour, alpha=0.45)
    lines = LineCollection(
        [np.column_stack(outline(seed / width, edges)) for seed in seeds],
        colors=colour,
        linewidths=0.6,
        alpha=min(0.7, 5 / len(seeds) ** 0.75),
    )
    ax.add_collection(lines, autolim=False)
    outside = 1 - float(together.sum())
    if outside > 0.01:
        panels.remark(ax, f"{100 * outside:.0f} % beyond")
    return outside


def share_of(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of all values `[n]` in each bin, `[bins]`; those beyond the edges count in the whole."""
    return np.asarray(np.histogram(values, edges)[0] / len(values))


# ---- Quantiles


def draw_quantiles(subject: Subject) -> Drawing:
    """Quantiles of the samples against those of the data: on the diagonal where they match."""
    names = subject.axes[:SHOWN_DIMS]
    figure, axes = panels.small_multiples(
        len(names), subject.losses, legend=True, down=0.5, share_x="none", height=1.48
    )
    real = subject.original(subject.prepared.held_out)
    gaps: dict[str, float] = {}
    for i, (row, name) in enumerate(zip(axes, names, strict=True)):
        truth = true_quantiles(subject, real[:, i])
        low, high = panels.apart(float(truth[0]), float(truth[-1]))
        margin = 0.25 * (high - low)
        limits = low - margin, high + margin
        for ax, (loss, values) in zip(row, generated(subject, i), strict=True):
            found = quantiles(values, truth)
            ax.plot(limits, limits, **panels.TRUE_DASHED)
            if not panels.say_if_empty(ax, found.to_numpy()):
                draw_seeds(ax, found, subject.colours[loss], limits)
            gaps.setdefault(loss, median_gap(found))
            ax.set_xlabel(f"{name}, the data's")
            ax.set_xlim(limits)
            panels.few_ticks(ax.xaxis)
        row[0].set_ylim(limits)
        row[0].set_ylabel(f"{name}, generated")
    diagonal = {**panels.TRUE_DASHED, "label": "equal to the data's"}
    panels.legend(figure, panels.MEDIAN, panels.EACH_SEED, diagonal)
    widest = listed(f"{loss} {number(gap, 2)}" for loss, gap in gaps.items())
    alt = f"Quantiles of generated samples against the data's, {listed(names)}."
    said = f"The widest gap between the two, in the median seed and in the first row: {widest}."
    return figure, f"{alt} {said}"


def true_quantiles(subject: Subject, real: NDArray[np.float64]) -> NDArray[np.float64]:
    """The exact ones where they are known, `[shares]`, otherwise those of the held-out values `[n]`."""
    exact = exact_source(subject)
    return exact.quantile(SHARES) if exact else np.asarray(np.quantile(real, SHARES))


def quantiles(values: NDArray[np.float64], truth: NDArray[np.float64]) -> pd.DataFrame:
    """Of each run's values `[runs, n]`: a row for each of the true quantiles `[shares]`, a column for each
    run, without numbers where the run diverged."""
    found = pd.DataFrame(np.nan, index=truth, columns=range(len(values)))
    ended = np.isfinite(values).all(axis=1)
    found.loc[:, ended] = np.quantile(values[ended], SHARES, axis=1)
    return found


def median_gap(found: pd.DataFrame) -> float:
    """The widest distance between `quantiles` and true ones, of the median run."""
    return median_of_finite(found.sub(found.index, axis=0).abs().max())


# ---- Scatter


def draw_scatter(subject: Subject) -> Drawing:
    """Samples in the plane, a row a seed, with the truth."""
    runs = subject.cells[0].runs
    rows = min(SCATTER_SEEDS, len(runs.seeds))
    side = panels.PITCH - panels.ACROSS
    figure, axes = panels.small_multiples(
        rows, subject.losses, height=side, down=0.06, remarks=True, share_y="all"
    )
    real = subject.original(subject.prepared.held_out[:SHOWN_SAMPLES])
    limits = [panels.span(real[:, i], real[:, i].min(), real[:, i].max()) for i in (0, 1)]
    for replica, row in enumerate(axes):
        for ax, result in zip(row, subject.cells, strict=True):
            draw_truth(ax, subject, real)
            samples = subject.original(result.runs.samples[replica, :SHOWN_SAMPLES])
            shown = [panels.within(samples[:, i], limits[i]) for i in (0, 1)]
            draw_points(ax, *shown, color=subject.colours[result.cell.loss])
            panels.remark(ax, verdict(result.judged["runs"][replica]))
        row[0].set_ylabel(f"seed {runs.seeds[replica]}\n{subject.axes[1]}")
    for ax in axes[-1]:
        ax.set_xlabel(subject.axes[0])
    axes[0, 0].set(xlim=limits[0], ylim=limits[1])
    seeds = listed(str(seed) for seed in runs.seeds[:rows])
    endings = "; ".join(
        f"{result.cell.loss}: {listed(verdict(run) for run in result.judged['runs'][:rows])}"
        for result in subject.cells
    )
    return figure, f"Generated samples in the plane, seeds {seeds}. How they ended: {endings}."


def draw_truth(ax: Axes, subject: Subject, real: NDArray[np.float64]) -> None:
    """A mixture's modes as circles of three standard deviations, or real samples, `[n, 2]`."""
    if not subject.source.modes:
        draw_points(ax, *real.T, color=FAINT, alpha=0.5)
        return
    centres, std = subject.source.modes
    diameters = np.full(len(centres), 6 * std)
    look = {"facecolor": "none", "edgecolor": INK, "linewidth": 0.6}
    places = {"offsets": centres, "offset_transform": ax.transData}
    angles = np.zeros(len(centres))
    ax.add_collection(EllipseCollection(diameters, diameters, angles, units="xy", **places, **look))


def draw_points(ax: Axes, x: NDArray[np.float64], y: NDArray[np.float64], **look: Any) -> None:
    """Samples at `x` and `y`, `[n]` each."""
    ax.plot(x, y, ".", markersize=1.6, markeredgewidth=0, **look)


def verdict(run: dict[str, Any]) -> str:
    """A run's outcome, and of how many modes it missed."""
    missing = run.get("modes_missing")
    outcome = str(run["outcome"]).replace("_", " ")
    return f"{outcome}, misses {missing:g}" if missing else outcome


HISTOGRAMS = Picture(
    name="distribution",
    place=40,
    title="Densities",
    caption="Of the finished generators' samples, in original units: all seeds together (filled) "
    "and each seed (outline), on the data's (black): exact where it is known, otherwise of held-out samples. "
    f"At most {SHOWN_DIMS} columns of a table are shown.",
    applies=has_density,
    draw=draw_distribution,
    part="output",
)
QUANTILES = Picture(
    name="quantiles",
    place=50,
    title="Quantile against quantile",
    caption="From the lowest half percent to the highest. On the diagonal the two distributions are equal; "
    "a flatter line is too narrow, one above it too far to the right.",
    applies=has_density,
    draw=draw_quantiles,
    part="output",
)
SCATTER = Picture(
    name="scatter",
    place=60,
    title="Samples",
    caption=f"The first {SHOWN_SAMPLES:,} samples of the first {SCATTER_SEEDS} seeds, and how each run was "
    "judged. Circles: three standard deviations around each mode; without modes, real samples in grey.",
    applies=lambda subject: subject.dims == 2 and not (subject.is_image or subject.is_point),
    draw=draw_scatter,
    part="output",
)
