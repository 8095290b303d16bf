"""Pictures of the comparison of losses: distances in floors, which all variants and losses have in common."""

from collections.abc import Iterable, Sequence
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator, PercentFormatter
from numpy.typing import NDArray

from ganstudy.core.text import exact, listed, number
from ganstudy.metrics.registry import SCORES
from ganstudy.reporting import panels
from ganstudy.reporting.measures import Span, in_floors, matched, seeds_in_floors
from ganstudy.reporting.picture import Drawing, Picture, Subject
from ganstudy.reporting.style import FAINT, INK

LEAST_SHOWN, MOST_SHOWN = 0.05, 1000
"""Beyond them runs are drawn at the edge."""


def reach(distances: Iterable[float]) -> tuple[float, float]:
    """Limits that show all of them, and a good deal around 1."""
    values = [value for value in distances if np.isfinite(value) and value > 0]
    low, high = min([0.5, *values]) / 1.25, max([4.0, *values]) * 1.25
    return max(low, LEAST_SHOWN), min(high, MOST_SHOWN)


def floors_axis(ax: Axes, limits: tuple[float, float], label: str) -> None:
    """Floors from left to right, by factors, and the floor itself."""
    ax.set_xscale("log")
    ax.set_xlim(limits)
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if limits[1] / limits[0] < 60 else (1,)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, place: exact(value)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.axvline(1, **panels.TRUE_DOTTED)
    ax.set_xlabel(f"{label}, in floors")
    vertical_lines(ax)


def vertical_lines(ax: Axes) -> None:
    """Where ticks are, to compare rows by."""
    ax.grid(axis="x", color=FAINT, alpha=0.25, linewidth=0.6)


def losses_axis(ax: Axes, losses: Sequence[str]) -> None:
    """A row for each loss, the first one above."""
    ax.set_ylim(len(losses) - 0.5, -0.5)
    ax.set_yticks(range(len(losses)), losses)


def room_for(losses: Sequence[str]) -> float:
    """Inches that their names take on the left."""
    return 0.25 + 0.07 * max(map(len, losses))


# ---- The whole study

VARIANTS_ACROSS = 5
CAPTION = (
    "A column for each variant. Above: the share of seeds whose run matched the data, with its 95 % Wilson "
    "interval and the count. Below: how far the samples are from the data, in floors, with its 95 % "
    "bootstrap interval; a perfect sampler stays below 1 (dotted). Intervals that overlap show no difference."
)


def draw_overview(subjects: Sequence[Subject]) -> Drawing:
    """Every cell's success rate and distance, variants side by side."""
    losses = subjects[0].losses
    bands = ceil(len(subjects) / VARIANTS_ACROSS)
    columns = ceil(len(subjects) / bands)
    figure, axes = panels.small_multiples(
        2 * bands,
        [""] * columns,
        pitch=1.84 if columns > 3 else 2.6,
        height=0.2 * len(losses) + 0.15,
        across=0.5,
        down=0.62 if bands == 1 else 0.75,
        share_x="none",
        left=room_for(losses),
    )
    for ax in axes.flat:
        ax.set_visible(False)
    spans = [in_floors(result) for subject in subjects for result in subject.cells]
    limits = reach(value for span in spans if span for value in span)
    alt = ["Share of seeds that matched, and the samples' distance from the data in floors."]
    for i, subject in enumerate(subjects):
        band, column = divmod(i, columns)
        above, below = axes[2 * band : 2 * band + 2, column]
        alt.append(draw_column(above, below, subject, limits))
    return figure, " ".join(alt)


def draw_column(above: Axes, below: Axes, subject: Subject, limits: tuple[float, float]) -> str:
    """A variant's success rates above its distances. Returns both in words."""
    above.set_title(subject.name, fontsize=panels.fitting(subject.name, 1.6))
    words = []
    for y, result in enumerate(subject.cells):
        colour, summary, entry = subject.colours[result.cell.loss], result.summary, matched(result)
        rates = (summary[f"success_rate{end}"] for end in ("_low", "", "_high"))
        draw_span(above, y, tuple(rates), colour)
        above.text(1.06, y, entry.text, va="center", fontsize=7, color=INK)
        if span := in_floors(result):
            draw_span(below, y, span, colour)
            distance = f"{number(span[1], 2)} floors"
        else:
            distance = "no numbers"
            below.text(limits[1], y, f"{distance} ", ha="right", va="center", fontsize=7, color=FAINT)
        share = entry.text.replace("/", " of ")
        words.append(f"{result.cell.loss} {share} ({entry.interval}), {distance}")
    for ax in (above, below):
        ax.set_visible(True)
        losses_axis(ax, subject.losses)
    above.set_xlim(-0.02, 1.02)
    above.xaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
    above.xaxis.set_major_formatter(PercentFormatter(1))
    above.set_xlabel("seeds that matched")
    vertical_lines(above)
    floors_axis(below, limits, "distance")
    return f"{subject.name}: {listed(words)}."


def draw_span(ax: Axes, y: float, span: Span, colour: str) -> None:
    """A value in its interval."""
    low, value, high = span
    ax.plot([low, high], [y, y], color=colour, linewidth=1.4, solid_capstyle="butt")
    ax.plot(value, y, "o", color=colour, markersize=4.5, clip_on=False)


# ---- A variant


def draw_profiles(subject: Subject) -> Drawing:
    """On the left every seed's distance, on the right the share of seeds within so many floors."""
    losses, name = subject.losses, SCORES[str(subject.cells[0].score_name)]
    figure, (axes,) = panels.small_multiples(
        1,
        ["every seed", "share of seeds within"],
        pitch=4.4,
        height=0.27 * len(losses) + 0.3,
        across=0.75,
        share_y="none",
        left=room_for(losses),
        legend=True,
    )
    left, right = axes
    distances = [seeds_in_floors(result) for result in subject.cells]
    limits = reach(np.concatenate(distances))
    nearest, without = [], []
    for y, (result, found) in enumerate(zip(subject.cells, distances, strict=True)):
        loss, span = result.cell.loss, in_floors(result)
        draw_loss(left, y, found, span, subject.colours[loss])
        count = matched(result).text
        left.text(1.02, y, count, transform=left.get_yaxis_transform(), va="center", fontsize=7, color=INK)
        draw_profile(right, np.sort(found), subject.colours[loss])
        if span:
            low, middle, high = span
            words = f"{loss} {number(middle, 2)} ({number(low, 2)} to {number(high, 2)})"
            nearest.append((middle, loss, words))
        else:
            without.append(f"{loss} without numbers")
    for ax in axes:
        floors_axis(ax, limits, name)
    losses_axis(left, losses)
    right.set_ylim(0, 1.03)
    right.yaxis.set_major_formatter(PercentFormatter(1))
    right.yaxis.set_visible(True)
    mean = {
        "color": FAINT,
        "marker": "o",
        "linewidth": 3,
        "markersize": 5,
        "label": "interquartile mean, 95 %",
    }
    panels.legend(
        figure,
        {"color": FAINT, "marker": "|", "linestyle": "", "markersize": 7, "label": "each seed"},
        mean,
        {**panels.TRUE_DOTTED, "label": "floor: a perfect sampler's most"},
    )
    told = listed([*(words for _, _, words in sorted(nearest)), *without])
    alt = f"{name} of every seed, in floors. Interquartile means, the nearest first: {told}."
    return figure, alt


def draw_loss(ax: Axes, y: int, found: NDArray[np.float64], span: Span | None, colour: str) -> None:
    """A stroke for each seed's distance in floors, `[seeds]`; below them the interquartile mean in its
    interval."""
    # One line with gaps: a file of SVG has no mark of its own for each seed.
    strokes = np.clip(found, LEAST_SHOWN, MOST_SHOWN).repeat(3)
    ax.plot(strokes, np.tile([y - 0.32, y + 0.04, np.nan], len(found)), color=colour, linewidth=1, alpha=0.8)
    if span:
        low, middle, high = np.clip(span, LEAST_SHOWN, MOST_SHOWN)
        ax.plot([low, high], [y + 0.2, y + 0.2], color=colour, linewidth=2.4, solid_capstyle="butt")
        ax.plot(middle, y + 0.2, "o", color=colour, markersize=4.5, markeredgecolor="white")


def draw_profile(ax: Axes, found: NDArray[np.float64], colour: str) -> None:
    """The share of the sorted distances `[seeds]` that are within so many floors."""
    finite = found[np.isfinite(found)]
    steps = np.concatenate([[LEAST_SHOWN], np.clip(finite, LEAST_SHOWN, MOST_SHOWN), [MOST_SHOWN]])
    shares = np.concatenate([np.arange(len(finite) + 1), [len(finite)]]) / len(found)
    ax.step(steps, shares, where="post", color=colour, linewidth=1.4)


PROFILES = Picture(
    name="profiles",
    place=10,
    title="Distance from the data",
    caption="How far each seed's samples are from the data, in floors, and how many runs matched. "
    "Left: every seed and the interquartile mean in its 95 % interval. Right, in the same colours: the "
    "share of seeds within so many floors; higher is better, and runs that diverged never get there.",
    applies=lambda subject: True,
    draw=draw_profiles,
    part="comparison",
    suffix=".svg",
)
