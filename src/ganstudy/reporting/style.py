"""The one look of all figures."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import seaborn as sns
from matplotlib import style
from matplotlib.figure import Figure

DPI = 110
INK = "#262626"
FAINT = "#8c8c8c"
TRUTH = "#000000"

LOOK = {
    **sns.axes_style("ticks"),
    **sns.plotting_context("paper"),
    # The font that comes with matplotlib: another machine's fonts would give other bytes.
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8,
    "axes.labelsize": 8,
    "axes.titlesize": 8.5,
    "axes.linewidth": 0.6,
    "axes.edgecolor": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    # A column of the user's table may be called `$a`.
    "text.parse_math": False,
}


def colours(losses: Sequence[str]) -> dict[str, str]:
    """Each loss's colour in every figure: seaborn's palette for colour-blind readers, in params.yaml's order.
    Beyond ten losses colours return; panels are labelled besides."""
    palette = sns.color_palette("colorblind").as_hex()
    return {loss: palette[i % len(palette)] for i, loss in enumerate(losses)}


@contextmanager
def look() -> Iterator[None]:
    """Draw inside this, whatever the user's matplotlibrc says."""
    with style.context(["default", LOOK]):
        yield


def write(figure: Figure, path: Path) -> None:
    """Save as PNG, the same bytes for the same figure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=DPI, metadata={"Software": None}, pil_kwargs={"optimize": True})
