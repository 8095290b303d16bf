"""Training over its steps: every seed's curves, as pictures and as a table that DVC's plots can draw."""

from collections.abc import Iterable
from itertools import chain
from math import ceil

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.typing import LineStyleType
from numpy.typing import NDArray

from ganstudy.core.text import listed, number
from ganstudy.reporting import panels
from ganstudy.reporting.picture import Drawing, Picture, Subject
from ganstudy.results import paths
from ganstudy.statistics.curves import every, interquartile_curve
from ganstudy.training.runs import Runs


def curve(runs: Runs, column: str) -> pd.DataFrame:
    """A column of the history: a row for each point, a column for each seed."""
    return runs.history.pivot(index="step", columns="seed", values=column).astype(np.float64)


def draw_seeds(
    ax: Axes, values: pd.DataFrame, colour: str, limits: tuple[float, float], style: LineStyleType = "-"
) -> None:
    """Every seed faintly, and their median."""
    steps = values.index.to_numpy()
    lines = [np.column_stack([steps, seed]) for seed in panels.within(values.to_numpy(), limits).T]
    faint = min(0.45, 1.2 / len(lines) ** 0.5)
    drawn_lines = LineCollection(lines, colors=colour, alpha=faint, linewidths=0.6, linestyles=style)
    ax.add_collection(drawn_lines, autolim=False)
    middle = panels.within(values.median(axis=1).to_numpy(), limits)
    ax.plot(steps, middle, color=colour, linewidth=1.6, linestyle=style)


def points_of(curves: Iterable[pd.DataFrame]) -> NDArray[np.float64]:
    """All of them, `[points]`."""
    return np.concatenate([values.to_numpy().ravel() for values in curves])


def median_of_finite(values: "pd.Series[float]") -> float:
    """NaN where none is finite."""
    return float(values[np.isfinite(values)].median())


# ---- Moments


def moment_names(subject: Subject) -> list[str]:
    """Those that say something of the variant's samples."""
    return ["mean"] if subject.is_point else ["mean", "std"]


def moment_columns(subject: Subject, name: str) -> list[str]:
    """The history's columns: one for each dimension, or a single one where they are pooled."""
    columns = subject.cells[0].runs.history.columns
    return [name] if name in columns else [f"{name}_{i + 1}" for i in range(subject.dims)]


def moment_curves(subject: Subject, runs: Runs, name: str) -> list[pd.DataFrame]:
    """One for each of `moment_columns`."""
    return [curve(runs, column) for column in moment_columns(subject, name)]


def target_moments(subject: Subject, name: str) -> list[float]:
    """What `moment_columns` should come to: exact where known, pooled as the generator's values are."""
    if len(moment_columns(subject, name)) == subject.dims:
        return [float(value) for value in subject.prepared.description["moments"][name]]
    return [float(getattr(subject.prepared.held_out.astype(np.float64), name)())]


def distance_from_targets(dimensions: list[pd.DataFrame], targets: list[float]) -> pd.DataFrame:
    """From the targets, averaged over a sample's values: a row for each point, a column for each seed."""
    off = [(values - target).abs() for values, target in zip(dimensions, targets, strict=True)]
    return sum(off[1:], start=off[0]) / len(off)


def draw_moments(subject: Subject) -> Drawing:
    """The generator's mean and standard deviation against steps, a panel a loss, every seed a line."""
    names = moment_names(subject)
    figure, axes = panels.small_multiples(len(names), subject.losses, legend=True)
    # Where a point has to lie to have matched.
    box = (subject.is_point and subject.source.box) or ()
    sentences = []
    for row, name in zip(axes, names, strict=True):
        targets = target_moments(subject, name)
        curves = {result.cell.loss: moment_curves(subject, result.runs, name) for result in subject.cells}
        limits = panels.span(points_of(chain(*curves.values())), *targets)
        for ax, (loss, dimensions) in zip(row, curves.items(), strict=True):
            for low, high in zip(*box, strict=True):
                ax.axhspan(float(low), float(high), color="#00000010", linewidth=0)
            for values, target in zip(dimensions, targets, strict=True):
                draw_seeds(ax, values, subject.colours[loss], limits)
                ax.axhline(target, **panels.TRUE_DASHED)
        row[0].set_ylim(limits)
        row[0].set_ylabel(f"{name} ({subject.units})")
        ends = listed(
            f"{loss} {number(median_of_finite(distance_from_targets(dimensions, targets).iloc[-1]), 2)}"
            for loss, dimensions in curves.items()
        )
        sentences.append(f"Distance of the median seed's {name} from the data's in the last step: {ends}.")
    panels.steps_axis(axes[-1])
    truth = {**panels.TRUE_DASHED, "label": "the data's"}
    panels.legend(figure, panels.MEDIAN, panels.EACH_SEED, truth)
    return figure, f"{' and '.join(names).capitalize()} against steps. {' '.join(sentences)}"


# ---- Losses


def terms(runs: Runs) -> list[tuple[str, str]]:
    """What to draw of the discriminator's loss, as (column, key of `at_match`): its two terms where it has
    them, unless only their sum has a fixed value at match."""
    at_match = runs.loss["at_match"]
    both = [("discriminator_real", "real"), ("discriminator_fake", "fake")]
    has_terms = bool(runs.history["discriminator_real"].notna().any())
    only_sum = at_match["real"] is None and at_match["discriminator"] is not None
    return both if has_terms and not only_sum else [("discriminator", "discriminator")]


def draw_losses(subject: Subject) -> Drawing:
    """Both networks' losses against steps, with their values at match."""
    figure, axes = panels.small_multiples(2, subject.losses, legend=True, across=0.4, share_y="none")
    sentences = []
    for result, column in zip(subject.cells, axes.T, strict=True):
        loss, runs = result.cell.loss, result.runs
        for ax, drawn in zip(column, (terms(runs), [("generator", "generator")]), strict=True):
            targets = {runs.loss["at_match"][key] for _, key in drawn} - {None}
            curves = [curve(runs, name) for name, _ in drawn]
            points = points_of(curves)
            limits = panels.span(points, *targets)
            for values, style in zip(curves, ("-", panels.DASHED), strict=False):
                draw_seeds(ax, values, subject.colours[loss], limits, style)
            for target in sorted(targets):
                ax.axhline(target, **panels.TRUE_DOTTED)
            ax.set_ylim(limits)
            panels.say_if_empty(ax, points)
        last = listed(number(curve(runs, name).iloc[-1].median(), 2) for name, _ in terms(runs))
        sentences.append(f"{loss} {last}")
    axes[0, 0].set_ylabel("discriminator's loss")
    axes[1, 0].set_ylabel("generator's loss")
    panels.steps_axis(axes[-1])
    panels.legend(
        figure,
        {**panels.MEDIAN, "label": "real term, or the whole"},
        {**panels.MEDIAN, "linestyle": panels.DASHED, "label": "generated term"},
        panels.EACH_SEED,
        {**panels.TRUE_DOTTED, "label": "at match"},
    )
    alt = (
        "Both networks' losses against steps. The discriminator's, terms of real and generated samples apart"
    )
    return figure, f"{alt} where there are two, end in the median seed at: {'; '.join(sentences)}."


MOMENT_CURVES = Picture(
    name="moments",
    place=20,
    title="Mean and standard deviation against steps",
    caption="Of the generator's output for the same noise throughout. Thin: each seed; thick: their median; "
    "dashed: the data's, a line for each value of a sample. More than four values, as of images, are pooled. "
    "The axis shows the middle 98 % of all points; where each generator makes a single point, grey bands "
    "are the ranges of the real values.",
    applies=lambda subject: True,
    draw=draw_moments,
    part="training",
)
LOSS_CURVES = Picture(
    name="losses",
    place=30,
    title="Losses against steps",
    caption="Averaged between points, without penalties. The discriminator's terms of real (solid) and "
    "generated samples (dashed) stand apart, except where the loss has a single term or fixes only the sum "
    "at match. Dotted: the value at match, for an optimal discriminator, where the loss fixes one. Each "
    "panel has its own scale, of the middle 98 % of its points.",
    applies=lambda subject: True,
    draw=draw_losses,
    part="training",
)


# ---- The table

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
    tables = []
    for result in subject.cells:
        curves = {
            f"{name}_error": distance_from_targets(
                moment_curves(subject, result.runs, name), target_moments(subject, name)
            )
            for name in moment_names(subject)
        }
        curves["discriminator"] = curve(result.runs, "discriminator")
        rows = pd.DataFrame({name: _rows(values) for name, values in curves.items()})
        tables.append(rows.rename_axis(["seed", "step"]).reset_index().assign(loss=result.cell.loss))
    table = pd.concat(tables, ignore_index=True).replace([np.inf, -np.inf], np.nan)
    return table[["loss", "seed", "step", *table.columns.difference(["loss", "seed", "step"], sort=False)]]


def _rows(values: pd.DataFrame) -> "pd.Series[float]":
    """Of one curve, by seed and step."""
    values = values.iloc[every(ceil(len(values) / TABLE_POINTS), len(values))]
    over = interquartile_curve(values.to_numpy())
    index = pd.MultiIndex.from_product([[*values.columns, *OVER_SEEDS], values.index])
    return pd.Series(np.concatenate([values.to_numpy().T, over]).ravel(), index=index)
