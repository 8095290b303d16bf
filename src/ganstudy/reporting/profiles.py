"""Pictures of the comparison of losses."""

import numpy as np
from matplotlib.ticker import LogLocator, NullFormatter, PercentFormatter, ScalarFormatter
from numpy.typing import NDArray

from ganstudy.reporting.panels import panels
from ganstudy.reporting.picture import Drawing, Picture
from ganstudy.reporting.style import FAINT, TRUTH
from ganstudy.reporting.subject import Subject
from ganstudy.reporting.words import number
from ganstudy.results import CellResult
from ganstudy.words import SCORES, listed

LEAST, MOST = 0.1, 1000
"""In floors; beyond them runs are counted at the edge."""


def scores(subject: Subject, result: CellResult) -> NDArray[np.float64]:
    """Every run's score in floors, in rising order; infinite where it diverged."""
    key, floor = f"{subject.compared['score']}_error", subject.compared["floor"]
    values = [run.get(key) for run in result.judged["runs"]]
    return np.sort([np.inf if value is None else value / floor for value in values])


def draw_profiles(subject: Subject) -> Drawing:
    """The seeds of each loss within so many floors: on the left every seed, on the right their share."""
    name = SCORES[subject.compared["score"]]
    figure, axes = panels(
        1, ["every seed", "share of seeds within"], pitch=3.9, height=0.24 * len(subject.losses) + 0.6,
        across=0.5, share_y="none", left=0.25 + 0.07 * max(map(len, subject.losses)),
    )  # fmt: skip
    left, right = axes[0]
    middles = {}
    for y, result in enumerate(subject.cells):
        loss, found = result.cell.loss, scores(subject, result)
        colour, shown = subject.colours[loss], np.clip(found, LEAST, MOST)
        middles[loss] = number(float(np.median(found)), 2)
        left.plot(shown, np.full(len(shown), y), "|", color=colour, markersize=7, alpha=0.7)
        left.plot(np.median(shown), y, "o", color=colour, markersize=4.5)
        right.step(
            np.concatenate([[LEAST], shown, [MOST]]),
            np.concatenate([[0], np.arange(1, len(shown) + 1), [len(shown)]]) / len(shown),
            where="post",
            color=colour,
            linewidth=1.4,
        )
    everything = np.concatenate([scores(subject, result) for result in subject.cells])
    finite = everything[np.isfinite(everything)]
    high = max(4.0, float(finite.max()) * 1.3) if len(finite) else 4.0
    low = min(0.5, float(finite.min()) / 1.3) if len(finite) else 0.5
    for ax in (left, right):
        ax.set_xscale("log")
        ax.set_xlim(max(low, LEAST), min(high, MOST))
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=12))
        ax.xaxis.set_major_formatter(ScalarFormatter())
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.axvline(1, color=TRUTH, linewidth=0.9, linestyle=":")
        ax.grid(axis="x", color=FAINT, alpha=0.25, linewidth=0.6)
        ax.set_xlabel(f"{name}, in floors")
    left.set_ylim(len(subject.losses) - 0.5, -0.5)
    left.set_yticks(range(len(subject.losses)), subject.losses)
    right.set_ylim(0, 1.03)
    right.yaxis.set_major_formatter(PercentFormatter(1))
    right.yaxis.set_visible(True)
    ends = listed(f"{loss} {middle}" for loss, middle in middles.items())
    return Drawing(
        figure, f"{name} of every seed, in floors, and the share of seeds within. Medians: {ends}."
    )


PROFILES = Picture(
    name="profiles",
    title="The losses compared",
    caption="How far each seed's samples are from the data, in floors: the distance that a perfect sampler "
    "stays below (dotted). Left: a stroke for each seed, a dot for their median. Right, in the same "
    "colours: the share of seeds within so many floors (performance profile); higher is better.",
    applies=lambda subject: True,
    draw=draw_profiles,
)
