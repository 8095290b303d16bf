"""Pictures of what finished generators make: histograms and scatter plots."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ganstudy.core.text import listed
from ganstudy.reporting.panels import (
    ACROSS,
    PITCH,
    apart,
    few_ticks,
    legend,
    no_numbers,
    panels,
    remark,
    span,
    within,
)
from ganstudy.reporting.picture import Drawing, Picture
from ganstudy.reporting.style import FAINT, INK, TRUTH
from ganstudy.reporting.subject import Subject
from ganstudy.sources.source import Distribution

BINS = 60
SHOWN_DIMS = 4
SCATTER_SEEDS = 3
SHOWN_SAMPLES = 1000


# ---- Histograms


def draw_distribution(subject: Subject) -> Drawing:
    """Histograms of each of the first values of a sample, all seeds together, with the truth."""
    names = subject.axes[:SHOWN_DIMS]
    figure, axes = panels(
        len(names), subject.losses, legend=True, remarks=True, down=0.5, share_x="none", height=1.35
    )
    real = subject.original(subject.prepared.held_out)
    outside: dict[str, float] = {}
    for i, (row, name) in enumerate(zip(axes, names, strict=True)):
        edges = bin_edges(real[:, i])
        x, density = true_density(subject, real[:, i], edges)
        for ax, result in zip(row, subject.cells, strict=True):
            values = subject.original(result.runs.samples)[:, :, i]
            share = draw_histograms(ax, values, edges, subject.colours[result.cell.loss])
            outside.setdefault(result.cell.loss, share)
            ax.plot(x, density, color=TRUTH, linewidth=0.9)
            ax.set_xlabel(name)
            ax.set_xlim(edges[0], edges[-1])
            few_ticks(ax.xaxis)
        row[0].set_ylim(0, 1.9 * density.max())
        row[0].set_ylabel("density")
    legend(
        figure,
        [
            Line2D([], [], color=TRUTH, linewidth=0.9, label="the data"),
            Line2D([], [], color=FAINT, linewidth=5, alpha=0.5, label="all seeds together"),
            Line2D([], [], color=FAINT, linewidth=0.6, label="each seed"),
        ],
    )
    overlaps = listed(f"{loss} {100 * share:.0f} %" for loss, share in outside.items())
    alt = f"Histograms of generated samples on the density of the data, {listed(names)}."
    return Drawing(figure, f"{alt} Samples beyond the axis in the first row: {overlaps}.")


def bin_edges(real: NDArray[np.float64]) -> NDArray[np.float64]:
    """Edges of bins, `[bins + 1]`: the range of the real values `[n]` with a tenth of it on both sides."""
    low, high = apart(float(real.min()), float(real.max()))
    margin = 0.1 * (high - low)
    return np.linspace(low - margin, high + margin, BINS + 1)


def true_density(
    subject: Subject, real: NDArray[np.float64], edges: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of the exact density, or the outline of the histogram of held-out values `[n]`: where, and how
    high, `[points]` each."""
    if isinstance(subject.source, Distribution) and subject.source.has("quantiles"):
        x = np.linspace(edges[0], edges[-1], 300)
        return x, subject.source.pdf(x)
    height, _ = np.histogram(real, edges, density=True)
    return np.repeat(edges, 2)[1:-1], np.repeat(height, 2)


def draw_histograms(ax: Axes, values: NDArray[np.float64], edges: NDArray[np.float64], colour: str) -> float:
    """All seeds' values `[runs, n]` together, and each seed's outline. Returns the share beyond the axis."""
    finite = [run[np.isfinite(run)] for run in values]
    n = sum(map(len, finite))
    if not n:
        no_numbers(ax)
        return float("nan")
    heights = [share_of(run, edges) for run in finite if len(run)]
    width = edges[1] - edges[0]
    ax.stairs(share_of(np.concatenate(finite), edges) / width, edges, fill=True, color=colour, alpha=0.45)
    faint = min(0.7, 5 / len(heights) ** 0.75)
    outlines = [
        np.column_stack([np.repeat(edges, 2)[1:-1], np.repeat(height / width, 2)]) for height in heights
    ]
    lines = LineCollection(outlines, colors=colour, linewidths=0.6, alpha=faint)
    ax.add_collection(lines, autolim=False)
    outside = 1 - float(share_of(np.concatenate(finite), edges).sum())
    if outside > 0.01:
        remark(ax, f"{100 * outside:.0f} % beyond")
    return outside


def share_of(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of all values `[n]` in each bin, `[bins]`; those beyond the edges count in the whole."""
    return np.asarray(np.histogram(values, edges)[0] / len(values))


# ---- Scatter


def draw_scatter(subject: Subject) -> Drawing:
    """Samples in the plane, a row a seed, with the truth."""
    runs = subject.cells[0].runs
    rows = min(SCATTER_SEEDS, len(runs.seeds))
    figure, axes = panels(rows, subject.losses, height=PITCH - ACROSS, down=0.06, remarks=True, share_y="all")
    real = subject.original(subject.prepared.held_out[:SHOWN_SAMPLES])
    limits = [span(real[:, i], real[:, i].min(), real[:, i].max()) for i in (0, 1)]
    for replica, row in enumerate(axes):
        for ax, result in zip(row, subject.cells, strict=True):
            samples = subject.original(result.runs.samples[replica, :SHOWN_SAMPLES])
            draw_truth(ax, subject, real)
            ax.plot(
                *(within(samples[:, i], limits[i]) for i in (0, 1)),
                ".",
                color=subject.colours[result.cell.loss],
                markersize=1.6,
                markeredgewidth=0,
            )
            remark(ax, verdict(result.judged["runs"][replica]))
        row[0].set_ylabel(f"seed {runs.seeds[replica]}\n{subject.axes[1]}")
    for ax in axes[-1]:
        ax.set_xlabel(subject.axes[0])
    axes[0, 0].set(xlim=limits[0], ylim=limits[1])
    seeds = listed(str(seed) for seed in runs.seeds[:rows])
    endings = "; ".join(
        f"{result.cell.loss}: {listed(verdict(run) for run in result.judged['runs'][:rows])}"
        for result in subject.cells
    )
    return Drawing(figure, f"Generated samples in the plane, seeds {seeds}. How they ended: {endings}.")


def draw_truth(ax: Axes, subject: Subject, real: NDArray[np.float64]) -> None:
    """A mixture's modes as circles of three standard deviations, or real samples, `[n, 2]`."""
    if not subject.source.modes:
        ax.plot(*real.T, ".", color=FAINT, alpha=0.5, markersize=1.6, markeredgewidth=0)
        return
    centres, std = subject.source.modes
    diameter = 6 * std
    sizes = np.full(len(centres), diameter)
    ax.add_collection(
        EllipseCollection(
            sizes,
            sizes,
            np.zeros(len(centres)),
            units="xy",
            offsets=centres,
            offset_transform=ax.transData,
            facecolor="none",
            edgecolor=INK,
            linewidth=0.6,
        )
    )


def verdict(run: dict[str, Any]) -> str:
    """A run's outcome, and of how many modes it missed."""
    missing = run.get("modes_missing")
    outcome = str(run["outcome"]).replace("_", " ")
    return f"{outcome}, misses {missing:g}" if missing else outcome


def has_density(subject: Subject) -> bool:
    """Whether a sample's values are worth a look one by one."""
    return not (subject.is_image or subject.is_point or subject.source.modes)


HISTOGRAMS = Picture(
    name="distribution",
    title="Densities",
    caption="Of the finished generators' samples, in original units: all seeds together (filled) "
    "and each seed (outline), on the data's (black): exact where it is known, otherwise of held-out samples. "
    f"At most {SHOWN_DIMS} columns of a table are shown.",
    applies=has_density,
    draw=draw_distribution,
    part="output",
)
SCATTER = Picture(
    name="scatter",
    title="Samples",
    caption=f"The first {SHOWN_SAMPLES:,} samples of the first {SCATTER_SEEDS} seeds, and how each run was "
    "judged. Circles: three standard deviations around each mode; without modes, real samples in grey.",
    applies=lambda subject: subject.dims == 2 and not (subject.is_image or subject.is_point),
    draw=draw_scatter,
    part="output",
)
