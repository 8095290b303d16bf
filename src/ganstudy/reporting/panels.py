"""Small multiples: a column for each loss."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import EngFormatter, MaxNLocator
from matplotlib.typing import LineStyleType
from numpy.typing import NDArray

from ganstudy.reporting.style import FAINT, INK, TRUTH

# Inches around and between panels. Fixed, since a layout engine takes seconds for as many axes as these.
LEFT, TOP, BOTTOM = 0.75, 0.3, 0.45
LEGEND, REMARK = 0.24, 0.13
PITCH, ACROSS = 1.64, 0.16
NARROWEST = 5.2
Sharing = Literal["none", "row", "all"]
DASHED: LineStyleType = (0, (3, 1.2))
# Lines, as drawn and as a legend names them.
TRUE: dict[str, Any] = {"color": TRUTH, "linewidth": 0.9}
TRUE_DASHED = TRUE | {"linestyle": DASHED}
TRUE_DOTTED = TRUE | {"linestyle": ":"}
EACH_SEED = {"color": FAINT, "linewidth": 0.6, "label": "each seed"}
MEDIAN = {"color": FAINT, "linewidth": 1.6, "label": "median over seeds"}


def small_multiples(
    rows: int,
    titles: Sequence[str],
    pitch: float = PITCH,
    height: float = 1.25,
    across: float = ACROSS,
    down: float = 0.22,
    left: float = LEFT,
    bottom: float = BOTTOM,
    legend: bool = False,
    remarks: bool = False,
    share_x: Sharing = "all",
    share_y: Sharing = "row",
) -> tuple[Figure, NDArray[Any]]:
    """A figure of `rows` × `titles` panels, each column under its title, and the axes `[rows, columns]`.

    Sizes are in inches: columns follow each other every `pitch`, `across` and `down` lie between panels;
    `legend` leaves room for one above, `remarks` for a line above each panel. A shared axis is drawn once.
    """
    columns, width = len(titles), pitch - across
    top, down = TOP + LEGEND * legend + REMARK * remarks, down + REMARK * remarks
    total_width = max(left + columns * pitch, NARROWEST)
    total_height = top + rows * height + (rows - 1) * down + bottom
    figure = Figure(figsize=(total_width, total_height))
    axes: NDArray[Any] = figure.subplots(
        rows,
        columns,
        squeeze=False,
        sharex=share_x,
        sharey=share_y,
        gridspec_kw={
            "left": left / total_width,
            "right": (left + columns * pitch - across) / total_width,
            "top": 1 - top / total_height,
            "bottom": bottom / total_height,
            "wspace": across / width,
            "hspace": down / height,
        },
    )
    for ax in axes[:-1].flat if share_x != "none" else ():
        ax.xaxis.set_visible(False)
    for ax in axes[:, 1:].flat if share_y != "none" else ():
        ax.yaxis.set_visible(False)
    for ax in axes.flat:
        few_ticks(ax.yaxis)
    for ax, title in zip(axes[0], titles, strict=True):
        ax.set_title(title, fontsize=fitting(title, width), pad=6 + 72 * REMARK * remarks)
    return figure, axes


def few_ticks(axis: Axis) -> None:
    """At most five, at step numbers."""
    axis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))


def fitting(name: str, width: float) -> float:
    """The size in points at which a name is at most `width` inches long. Names are the user's own."""
    return min(8.5, 72 * width / (0.62 * max(len(name), 1)))


def legend(figure: Figure, *lines: Mapping[str, Any]) -> None:
    """One legend of such lines for all panels, in the room that `small_multiples(legend=True)` left."""
    figure.legend(
        handles=[Line2D([], [], **line) for line in lines],
        loc="upper center",
        ncols=len(lines),
        borderaxespad=0.1,
        handlelength=2.2,
        columnspacing=1.6,
    )


def steps_axis(axes: Sequence[Axes]) -> None:
    """Steps of training along the bottom: 0, 5k, 10k."""
    for ax in axes:
        ax.set_xlabel("steps")
        few_ticks(ax.xaxis)
        ax.xaxis.set_major_formatter(EngFormatter(sep=""))


def remark(ax: Axes, text: str) -> None:
    """A few small words above a panel, in the room that `small_multiples(remarks=True)` left."""
    ax.text(0.5, 1.02, text, transform=ax.transAxes, ha="center", va="bottom", fontsize=6.5, color=INK)


def say_if_empty(ax: Axes, values: NDArray[Any]) -> bool:
    """Whether none of a panel's values `[…]` is finite, which the panel then says."""
    if np.isfinite(values).any():
        return False
    words = "every run\ndiverged"
    ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", fontsize=7, color=FAINT)
    return True


def span(values: NDArray[Any], *including: float) -> tuple[float, float]:
    """Limits that show the middle 98 % of the finite values `[…]`, and `including`, with a margin.

    A run that diverges must not squeeze the others flat.
    """
    finite = values[np.isfinite(values)]
    shown = [*(np.quantile(finite, [0.01, 0.99]) if len(finite) else ()), *including]
    low, high = apart(float(min(shown)), float(max(shown))) if shown else (0.0, 1.0)
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def apart(low: float, high: float) -> tuple[float, float]:
    """The ends of an axis: these two, or what lies around them if they are too near to each other for one."""
    size = max(abs(low), abs(high))
    if high - low > 1e-6 * size:
        return low, high
    around = 0.05 * size or 0.5
    return low - around, high + around


def within(values: NDArray[Any], limits: tuple[float, float]) -> NDArray[np.float64]:
    """The values `[…]` with those far outside brought near: lines to 1e30 overflow the renderer."""
    low, high = limits
    return np.clip(np.asarray(values, dtype=np.float64), low - (high - low), high + (high - low))
