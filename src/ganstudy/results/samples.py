"""Samples of a study's trained generators, for `ganstudy sample`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ganstudy.core.errors import UserError
from ganstudy.results.sampler import Sampler
from ganstudy.results.study_results import CellResult
from ganstudy.sources.units import columns, is_image

OUTPUT_KINDS = (".csv", ".parquet", ".png")
MOST_VALUES = 100_000_000
"""In one call: they are held in memory."""


def draw_samples(
    result: CellResult, seed: int | None, n: int, draw: int, label: int | None = None
) -> tuple[NDArray[np.float32], NDArray[np.int64] | None]:
    """n samples of the generator of that seed, or of the best, `[n, *shape]` in original units, and the
    labels that a conditional one was asked for, `[n]`: `label`, or as frequent as in the data. UserError if
    every run diverged, if they are too many, or if it knows no such label."""
    if seed is None and (seed := result.best_seed) is None:
        raise UserError(f"{result.cell.variant}, {result.cell.loss}: every run diverged; name one by --seed")
    recipe, runs = result.cell.recipe, result.runs
    dims = int(np.prod(result.prepared.description["shape"]))
    if n * max(dims, recipe.noise.size) > MOST_VALUES:
        most = MOST_VALUES // max(dims, recipe.noise.size)
        raise UserError(
            f"-n: {n:,} samples do not fit into memory; at most {most:,}, and --draw 1, 2 … for more"
        )
    sampler = Sampler.of(
        recipe.noise, recipe.generator, result.prepared.description, runs.weights, runs.seeds.index(seed)
    )
    if label is not None and label not in sampler.classes:
        known = ", ".join(map(str, sampler.classes)) or "none, since it is not conditional"
        raise UserError(f"--label: {result.cell.variant} knows no label {label}; there are: {known}")
    labels = sampler.draw_labels(n, draw) if label is None else np.full(n, label)
    return sampler(sampler.draw_noise(n, draw), labels), labels


def write_samples(
    samples: NDArray[np.float32],
    labels: NDArray[np.int64] | None,
    description: Mapping[str, Any],
    output: Path | None,
) -> None:
    """Write samples `[n, *shape]` as the file's name says, or as CSV to the terminal, with any labels `[n]`
    in front. UserError for other names, and for a picture of what is no image."""
    kind = ".csv" if output is None else output.suffix.lower()
    if kind not in OUTPUT_KINDS:
        raise UserError(
            f"{output}: cannot tell what to write; give a name that ends in {', '.join(OUTPUT_KINDS)}"
        )
    if output is not None and not output.parent.is_dir():
        raise UserError(f"{output}: no such folder as {output.parent}; make it first")
    if kind == ".png":
        if not is_image(description):
            raise UserError(f"{output}: the samples are no images; give a name that ends in .csv or .parquet")
        _sheet(samples).save(output)
        return
    table = pd.DataFrame(samples.reshape(len(samples), -1), columns=columns(description))
    if labels is not None:
        table.insert(0, "label", labels)
    if kind == ".parquet":
        table.to_parquet(output, index=False)
    else:
        table.to_csv(sys.stdout if output is None else output, index=False)


def _sheet(images: NDArray[np.float32], apart: int = 1) -> Any:
    """Images from 0 to 1, `[n, channels, height, width]`, as a picture of a square of them, each pixel four
    wide."""
    from PIL import Image

    across = int(np.ceil(len(images) ** 0.5))
    down = -(-len(images) // across)
    n, channels, height, width = images.shape
    padded = np.ones((across * down, channels, height + apart, width + apart), np.float32)
    padded[:n, :, :height, :width] = images
    sheet = padded.reshape(down, across, *padded.shape[1:]).transpose(0, 3, 1, 4, 2)
    pixels = np.round(255 * sheet.reshape(down * (height + apart), -1, channels)).clip(0, 255)
    picture = Image.fromarray((pixels[..., 0] if channels == 1 else pixels).astype(np.uint8))
    return picture.resize((4 * picture.width, 4 * picture.height), Image.Resampling.NEAREST)
