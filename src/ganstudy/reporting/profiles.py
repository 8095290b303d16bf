"""Pictures of the comparison of losses."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from ganstudy.core.text import listed, number
from ganstudy.metrics.registry import SCORES
from ganstudy.reporting.floors import LEAST_SHOWN, MOST_SHOWN, floors_axis, in_floors, reach, scores
from ganstudy.reporting.panels import legend, panels
from ganstudy.reporting.picture import Drawing, Picture
from ganstudy.reporting.style import FAINT, INK, TRUTH
from ganstudy.reporting.subject import Subject
from ganstudy.results.study_results import CellResult


def draw_profiles(subject: Subject) -> Drawing:
    """On the left every seed's distance, on the right the share of seeds within so many floors."""
    name = SCORES[subject.compared["score"]]
    figure, axes = panels(
        1,
        ["every seed", "share of seeds within"],
        pitch=4.4,
        height=0.27 * len(subject.losses) + 0.3,
        across=0.75,
        share_y="none",
        left=0.25 + 0.07 * max(map(len, subject.losses)),
        legend=True,
    )
    left, right = axes[0]
    everything = [scores(subject, result) for result in subject.cells]
    limits = reach([(value, value, value) for found in everything for value in found])
    for y, (result, found) in enumerate(zip(subject.cells, everything, strict=True)):
        draw_loss(left, y, subject, result, found)
        draw_profile(right, np.sort(found), subject.colours[result.cell.loss])
    for ax in (left, right):
        floors_axis(ax, limits)
        ax.grid(axis="x", color=FAINT, alpha=0.25, linewidth=0.6)
        ax.set_xlabel(f"{name}, in floors")
    left.set_ylim(len(subject.losses) - 0.5, -0.5)
    left.set_yticks(range(len(subject.losses)), subject.losses)
    right.set_ylim(0, 1.03)
    right.yaxis.set_major_formatter(PercentFormatter(1))
    right.yaxis.set_visible(True)
    legend(
        figure,
        [
            Line2D([], [], color=FAINT, marker="|", linestyle="", markersize=7, label="each seed"),
            Line2D(
                [], [], color=FAINT, marker="o", linewidth=3, markersize=5, label="interquartile mean, 95 %"
            ),
            Line2D(
                [], [], color=TRUTH, linewidth=0.9, linestyle=":", label="floor: a perfect sampler's most"
            ),
        ],
    )
    return Drawing(figure, profile_in_words(subject, name))


def draw_loss(ax: Axes, y: int, subject: Subject, result: CellResult, found: NDArray[np.float64]) -> None:
    """A stroke for each seed's distance in floors, `[seeds]`; below them the interquartile mean in its
    interval, and how many matched."""
    colour = subject.colours[result.cell.loss]
    # One line with gaps: a file of SVG has no mark of its own for each seed.
    strokes = np.clip(found, LEAST_SHOWN, MOST_SHOWN).repeat(3)
    ax.plot(strokes, np.tile([y - 0.32, y + 0.04, np.nan], len(found)), color=colour, linewidth=1, alpha=0.8)
    if span := in_floors(subject, result):
        low, middle, high = np.clip(span, LEAST_SHOWN, MOST_SHOWN)
        ax.plot([low, high], [y + 0.2, y + 0.2], color=colour, linewidth=2.4, solid_capstyle="butt")
        ax.plot(middle, y + 0.2, "o", color=colour, markersize=4.5, markeredgecolor="white")
    summary = result.summary
    ax.text(
        1.02,
        y,
        f"{summary['matched']}/{summary['runs']}",
        transform=ax.get_yaxis_transform(),
        va="center",
        fontsize=7,
        color=INK,
    )


def draw_profile(ax: Axes, found: NDArray[np.float64], colour: str) -> None:
    """The share of the sorted distances `[seeds]` that are within so many floors."""
    finite = found[np.isfinite(found)]
    steps = np.concatenate([[LEAST_SHOWN], np.clip(finite, LEAST_SHOWN, MOST_SHOWN), [MOST_SHOWN]])
    shares = np.concatenate([np.arange(len(finite) + 1), [len(finite)]]) / len(found)
    ax.step(steps, shares, where="post", color=colour, linewidth=1.4)


def profile_in_words(subject: Subject, name: str) -> str:
    """Who is nearest, and who farthest."""
    spans = {result.cell.loss: in_floors(subject, result) for result in subject.cells}
    told = sorted((span[1], loss, span) for loss, span in spans.items() if span)
    words = [
        f"{loss} {number(middle, 2)} ({number(span[0], 2)} to {number(span[2], 2)})"
        for middle, loss, span in told
    ]
    words += [f"{loss} without numbers" for loss, span in spans.items() if not span]
    return f"{name} of every seed, in floors. Interquartile means, the nearest first: {listed(words)}."


PROFILES = Picture(
    name="profiles",
    title="Distance from the data",
    caption="How far each seed's samples are from the data, in floors, and how many runs matched. "
    "Left: every seed and the interquartile mean in its 95 % interval. Right, in the same colours: the "
    "share of seeds within so many floors; higher is better, and runs that diverged never get there.",
    applies=lambda subject: True,
    draw=draw_profiles,
    part="comparison",
    vector=True,
)
