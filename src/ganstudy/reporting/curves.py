"""Pictures of training: every seed's curve against steps."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.typing import LineStyleType
from numpy.typing import NDArray

from ganstudy.core.text import listed, number
from ganstudy.reporting.panels import legend, no_numbers, panels, rounds_axis, span, within
from ganstudy.reporting.picture import Drawing, Picture
from ganstudy.reporting.style import FAINT, TRUTH
from ganstudy.reporting.subject import Subject
from ganstudy.training.runs import Runs

SOLID: LineStyleType = "-"
DASHED: LineStyleType = (0, (3, 1.2))


def curve(runs: Runs, column: str) -> pd.DataFrame:
    """A column of the history: a row for each point, a column for each seed."""
    return runs.history.pivot(index="step", columns="seed", values=column).astype(np.float64)


def draw_seeds(
    ax: Axes, values: pd.DataFrame, colour: str, limits: tuple[float, float], style: LineStyleType = SOLID
) -> None:
    """Every seed faintly, and their median."""
    steps = values.index.to_numpy()
    drawn = within(values.to_numpy(), limits)
    lines = [np.column_stack([steps, seed]) for seed in drawn.T]
    faint = min(0.45, 1.2 / len(lines) ** 0.5)
    drawn_lines = LineCollection(lines, colors=colour, alpha=faint, linewidths=0.6, linestyles=style)
    ax.add_collection(drawn_lines, autolim=False)
    middle = within(values.median(axis=1).to_numpy(), limits)
    ax.plot(steps, middle, color=colour, linewidth=1.6, linestyle=style)


# ---- Moments


def draw_moments(subject: Subject) -> Drawing:
    """The generator's mean and standard deviation against steps, a panel a loss, every seed a line."""
    names = ["mean"] if subject.is_point else ["mean", "std"]
    figure, axes = panels(len(names), subject.losses, legend=True)
    sentences = []
    for row, name in zip(axes, names, strict=True):
        targets = target_moments(subject, name)
        curves = {
            result.cell.loss: [curve(result.runs, column) for column in moment_columns(subject, name)]
            for result in subject.cells
        }
        everything = np.concatenate([values.to_numpy().ravel() for of in curves.values() for values in of])
        limits = span(everything, *targets)
        for ax, (loss, dimensions) in zip(row, curves.items(), strict=True):
            draw_box(ax, subject)
            for values, target in zip(dimensions, targets, strict=True):
                draw_seeds(ax, values, subject.colours[loss], limits)
                ax.axhline(target, color=TRUTH, linewidth=0.9, linestyle=DASHED)
        row[0].set_ylim(limits)
        row[0].set_ylabel(f"{name} ({subject.units})")
        sentences.append(closing(name, curves, targets))
    rounds_axis(axes[-1])
    legend(
        figure,
        [
            Line2D([], [], color=FAINT, linewidth=1.6, label="median over seeds"),
            Line2D([], [], color=FAINT, linewidth=0.6, label="each seed"),
            Line2D([], [], color=TRUTH, linewidth=0.9, linestyle=DASHED, label="the data's"),
        ],
    )
    return Drawing(figure, f"{' and '.join(names).capitalize()} against steps. {' '.join(sentences)}")


def moment_columns(subject: Subject, name: str) -> list[str]:
    """The history's columns: one for each dimension, or a single one where they are pooled."""
    columns = subject.cells[0].runs.history.columns
    return [name] if name in columns else [f"{name}_{i + 1}" for i in range(subject.dims)]


def target_moments(subject: Subject, name: str) -> list[float]:
    """What `moment_columns` should come to: exact where known, pooled as the generator's values are."""
    if len(moment_columns(subject, name)) == subject.dims:
        return [float(value) for value in subject.prepared.description["moments"][name]]
    return [float(getattr(subject.prepared.held_out.astype(np.float64), name)())]


def distance_from_targets(dimensions: list[pd.DataFrame], targets: list[float]) -> pd.DataFrame:
    """From the targets, averaged over a sample's values: a row for each point, a column for each seed."""
    off = [(values - target).abs() for values, target in zip(dimensions, targets, strict=True)]
    return sum(off[1:], start=off[0]) / len(off)


def draw_box(ax: Axes, subject: Subject) -> None:
    """Where a point has to lie to have matched."""
    if subject.is_point and subject.source.box:
        for low, high in zip(*subject.source.box, strict=True):
            ax.axhspan(float(low), float(high), color="#00000010", linewidth=0)


def closing(name: str, curves: dict[str, list[pd.DataFrame]], targets: list[float]) -> str:
    """How far each loss's median seed ends from the target."""

    def end(dimensions: list[pd.DataFrame]) -> float:
        off = distance_from_targets(dimensions, targets).iloc[-1].to_numpy()
        finite: NDArray[np.float64] = off[np.isfinite(off)]
        return float(np.median(finite)) if len(finite) else float("nan")

    ends = listed(f"{loss} {number(end(dimensions), 2)}" for loss, dimensions in curves.items())
    return f"Distance of the median seed's {name} from the data's in the last step: {ends}."


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
    figure, axes = panels(2, subject.losses, legend=True, across=0.4, share_y="none")
    sentences = []
    for result, column in zip(subject.cells, axes.T, strict=True):
        loss, runs = result.cell.loss, result.runs
        for ax, drawn in zip(column, (terms(runs), [("generator", "generator")]), strict=True):
            targets = {runs.loss["at_match"][key] for _, key in drawn} - {None}
            curves = [curve(runs, name) for name, _ in drawn]
            limits = span(np.concatenate([values.to_numpy().ravel() for values in curves]), *targets)
            for values, style in zip(curves, (SOLID, DASHED), strict=False):
                draw_seeds(ax, values, subject.colours[loss], limits, style)
            for target in sorted(targets):
                ax.axhline(target, color=TRUTH, linewidth=0.9, linestyle=":")
            ax.set_ylim(limits)
            if not any(np.isfinite(values.to_numpy()).any() for values in curves):
                no_numbers(ax)
        last = listed(number(curve(runs, name).iloc[-1].median(), 2) for name, _ in terms(runs))
        sentences.append(f"{loss} {last}")
    axes[0, 0].set_ylabel("discriminator's loss")
    axes[1, 0].set_ylabel("generator's loss")
    rounds_axis(axes[-1])
    legend(
        figure,
        [
            Line2D([], [], color=FAINT, linewidth=1.6, label="real term, or the whole"),
            Line2D([], [], color=FAINT, linewidth=1.6, linestyle=DASHED, label="generated term"),
            Line2D([], [], color=FAINT, linewidth=0.6, label="each seed"),
            Line2D([], [], color=TRUTH, linewidth=0.9, linestyle=":", label="at match"),
        ],
    )
    alt = (
        "Both networks' losses against steps. The discriminator's, terms of real and generated samples apart"
    )
    return Drawing(figure, f"{alt} where there are two, end in the median seed at: {'; '.join(sentences)}.")


MOMENT_CURVES = Picture(
    name="moments",
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
    title="Losses against steps",
    caption="Averaged between points, without penalties. The discriminator's terms of real (solid) and "
    "generated samples (dashed) stand apart, except where the loss has a single term or fixes only the sum "
    "at match. Dotted: the value at match, for an optimal discriminator, where the loss fixes one. Each "
    "panel has its own scale, of the middle 98 % of its points.",
    applies=lambda subject: True,
    draw=draw_losses,
    part="training",
)
