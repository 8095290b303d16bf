"""The one look of all pictures."""

from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path

import seaborn as sns
from matplotlib import style
from matplotlib.figure import Figure
from PIL import Image

DPI = 144
"""Of PNG files."""
SHOWN = 110
"""Pixels of a page in an inch of a figure."""
INK = "#262626"
FAINT = "#767676"
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
    # Where titles stand is known: looking for room would take as long as drawing.
    "axes.titley": 1.0,
    # A column of the user's table may be called `$a`.
    "text.parse_math": False,
    # Letters as outlines: a reader's own fonts would move them.
    "svg.fonttype": "path",
    # Names within the file that are always the same.
    "svg.hashsalt": "ganstudy",
}


def look() -> AbstractContextManager[None]:
    """Draw inside this, whatever the user's matplotlibrc says."""
    return style.context(["default", LOOK])


def write(figure: Figure, path: Path) -> tuple[int, int]:
    """Save as SVG or PNG, by the path's suffix: the same bytes for the same figure, no date, no version.
    Returns the width and height at which it is shown."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".svg":
        figure.savefig(path, metadata={"Date": None, "Creator": None})
    else:
        drawn = BytesIO()
        figure.savefig(drawn, dpi=DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 0})
        picture = Image.open(drawn).convert("RGB")
        # 128 colours are a third of the bytes, and the eye misses none of the others.
        picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    width, height = figure.get_size_inches()
    return round(width * SHOWN), round(height * SHOWN)
