"""Small multiples: a column for each loss."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator
from numpy.typing import NDArray

from ganstudy.reporting.style import FAINT, INK

# Inches around and between panels. Fixed, since a layout engine takes seconds for as many axes as these.
LEFT, RIGHT, TOP, BOTTOM = 0.62, 0.12, 0.3, 0.45
LEGEND = 0.24


def panels(
    rows: int,
    titles: Sequence[str],
    width: float = 1.5,
    height: float = 1.25,
    across: float = 0.16,
    down: float = 0.22,
    bottom: float = BOTTOM,
    legend: bool = False,
    share_x: bool = True,
    share_y: bool | str = "row",
) -> tuple[Figure, NDArray[Any]]:
    """A figure of `rows` × `titles` panels of `width` × `height` inches, each column under its title, and
    the axes `[rows, columns]`. `across` and `down` lie between panels; `legend` leaves room above."""
    columns, top = len(titles), TOP + LEGEND * legend
    total_width = LEFT + columns * width + (columns - 1) * across + RIGHT
    total_height = top + rows * height + (rows - 1) * down + bottom
    figure = Figure(figsize=(total_width, total_height))
    axes: NDArray[Any] = figure.subplots(
        rows,
        columns,
        squeeze=False,
        sharex=share_x,
        sharey=share_y,  # type: ignore[arg-type]  # the stubs forget that True may be a variable
        gridspec_kw={
            "left": LEFT / total_width,
            "right": 1 - RIGHT / total_width,
            "top": 1 - top / total_height,
            "bottom": bottom / total_height,
            "wspace": across / width,
            "hspace": down / height,
        },
    )
    for ax, title in zip(axes[0], titles, strict=True):
        # As small as a long name needs: names are the user's own.
        ax.set_title(title, fontsize=min(8.5, 17 * 8.5 * width / 1.5 / max(len(title), 1)), color=INK)
    return figure, axes


def legend(figure: Figure, handles: Sequence[Any]) -> None:
    """One legend for all panels, in the room that `panels(legend=True)` left."""
    figure.legend(
        handles=handles,
        loc="upper center",
        ncols=len(handles),
        borderaxespad=0.1,
        handlelength=2.2,
        columnspacing=1.6,
    )


def rounds_axis(axes: Sequence[Axes]) -> None:
    """Rounds of training along the bottom: 0, 5k, 10k."""
    for ax in axes:
        ax.set_xlabel("rounds")
        ax.xaxis.set_major_locator(MaxNLocator(3, integer=True))
        ax.xaxis.set_major_formatter(EngFormatter(sep=""))


def remark(ax: Axes, text: str) -> None:
    """A few small words in a panel's upper corner."""
    ax.text(0.97, 0.96, text, transform=ax.transAxes, ha="right", va="top", fontsize=6.5, color=INK)


def no_numbers(ax: Axes) -> None:
    """Say in an empty panel why it is empty."""
    ax.text(
        0.5, 0.5, "every run\ndiverged", transform=ax.transAxes, ha="center", va="center", fontsize=7, color=FAINT
    )


def span(values: NDArray[Any], *including: float, keep: float = 0.98) -> tuple[float, float]:
    """Limits that show the middle share `keep` of the finite values, and `including`, with a margin.

    A run that diverges must not squeeze the others flat.
    """
    finite = values[np.isfinite(values)]
    shown = [*(np.quantile(finite, [(1 - keep) / 2, (1 + keep) / 2]) if len(finite) else ()), *including]
    low, high = (float(min(shown)), float(max(shown))) if shown else (0.0, 1.0)
    margin = 0.06 * (high - low) or 0.5
    return low - margin, high + margin


def within(values: NDArray[Any], limits: tuple[float, float]) -> NDArray[np.float64]:
    """The values with those far outside brought near: lines to 1e30 overflow the renderer."""
    low, high = limits
    return np.clip(np.asarray(values, dtype=np.float64), low - (high - low), high + (high - low))
