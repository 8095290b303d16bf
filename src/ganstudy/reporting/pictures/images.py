"""Pictures made of pixels: the pattern's evolution, and grids of digits."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from numpy.typing import NDArray

from ganstudy.core.text import count, listed, number
from ganstudy.reporting import panels
from ganstudy.reporting.picture import Drawing, Picture, Subject

IMAGE_SEEDS = 8
IMAGES_A_SEED = 6


# ---- Evolution


def draw_evolution(subject: Subject) -> Drawing:
    """The generator's output at moments of training, as grey levels."""
    figure, axes = panels.small_multiples(1, subject.losses, height=0.8, bottom=0.8)
    ends = []
    for ax, result in zip(axes[0], subject.cells, strict=True):
        output, steps = result.runs.evolution[0].mean(axis=1), result.runs.evolution_steps
        draw_pixels(ax, output.T, 0)
        ax.set_xticks([0, len(steps) - 1], [count(steps[0]), count(steps[-1])])
        ax.set_xlabel("steps")
        ax.set_yticks(range(subject.dims), [f"{i + 1}" for i in range(subject.dims)])
        ends.append(f"{result.cell.loss} at ({', '.join(number(float(x), 2) for x in output[-1])})")
    axes[0, 0].set_ylabel("value")
    width, height = figure.get_size_inches()
    scale = figure.add_axes((0.5 - 0.75 / width, 0.28 / height, 1.5 / width, 0.08 / height))
    shades = ScalarMappable(Normalize(0, 1), "Greys")
    figure.colorbar(shades, cax=scale, orientation="horizontal", ticks=[0, 0.5, 1])
    scale.tick_params(length=0, pad=2)
    moments = len(subject.cells[0].runs.evolution_steps)
    alt = f"The generator's {subject.dims} values at {moments} moments of training, first seed."
    said = f"It ends with {'; '.join(ends)}; the data are near (0.9, 0.1, 0.9, 0.1)."
    return figure, f"{alt} {said}"


# ---- Digits


def draw_digits(subject: Subject) -> Drawing:
    """Generated images, a row a seed, and real ones."""
    runs = subject.cells[0].runs
    seeds, each = runs.seeds[:IMAGE_SEEDS], min(IMAGES_A_SEED, runs.evolution.shape[2])
    _, height, width = subject.prepared.shape
    images = {result.cell.loss: result.runs.evolution[: len(seeds), -1, :each] for result in subject.cells}
    held_out = subject.prepared.held_out
    images["real"] = held_out[np.arange(len(seeds) * each) % len(held_out)]
    pitch = panels.PITCH * len(subject.losses) / len(images)
    high = (pitch - 0.12) * len(seeds) / each * height / width
    figure, axes = panels.small_multiples(1, list(images), pitch=pitch, height=high, across=0.12, bottom=0.1)
    for ax, shown in zip(axes[0], images.values(), strict=True):
        draw_pixels(ax, tile(shown.reshape(-1, height, width), len(seeds)), -1)
        ax.set_xticks([])
        ax.set_yticks((np.arange(len(seeds)) + 0.5) * (height + 1) - 1, [f"seed {seed}" for seed in seeds])
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    alt = f"{each} generated images of each of {len(seeds)} seeds for {listed(subject.losses)}"
    return figure, f"{alt}, beside real held-out ones."


def draw_pixels(ax: Axes, values: NDArray[Any], white: float) -> None:
    """Grey levels `[rows, columns]`, 1 in black."""
    ax.imshow(values, cmap="Greys", vmin=white, vmax=1, aspect="auto", interpolation="nearest")
    panels.say_if_empty(ax, values)


def tile(images: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    """Images `[n, height, width]` side by side in so many rows, a blank pixel apart."""
    n, height, width = images.shape
    columns = n // rows
    apart = np.pad(images, ((0, 0), (0, 1), (0, 1)), constant_values=np.nan)
    sheet = apart.reshape(rows, columns, height + 1, width + 1).swapaxes(1, 2)
    return sheet.reshape(rows * (height + 1), columns * (width + 1))[:-1, :-1]


EVOLUTION = Picture(
    name="evolution",
    place=80,
    title="Evolution of the output",
    caption="The generator's values from top to bottom, at moments of training from left to right; black is "
    "1, white is 0. The first seed of each loss; its mean where it makes many samples.",
    applies=lambda subject: subject.source.box is not None,
    draw=draw_evolution,
    part="output",
    suffix=".svg",
)
IMAGE_SHEETS = Picture(
    name="digits",
    place=70,
    title="Images",
    caption=f"A row for each of the first {IMAGE_SEEDS} seeds, {IMAGES_A_SEED} images each, not chosen; on "
    "the right real held-out ones.",
    applies=lambda subject: subject.is_image,
    draw=draw_digits,
    part="output",
)
