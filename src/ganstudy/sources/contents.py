"""A finite set of samples, and its two parts: to train on, and held out for evaluation."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganstudy.core.errors import UserError
from ganstudy.core.random import generator

Samples = NDArray[np.float32]
"""Samples as flat vectors, `[n, dims]`."""
FEWEST = 2
"""Samples of either part: of one, nothing can be said to vary."""


@dataclass(frozen=True)
class Contents:
    """What a file held."""

    samples: NDArray[Any]
    """`[n, dims]`"""
    labels: NDArray[np.int64] | None = None
    """`[n]`, never shown to the networks."""
    standardise: bool = False
    """Whether the samples are in units of their own, to be brought to mean 0 and standard deviation 1 of the
    samples trained on. Reports go back to the units."""
    columns: tuple[str, ...] | None = None


class Inverse(NamedTuple):
    """`[dims]`: sample × scale + offset gives back original units."""

    offset: NDArray[np.float64]
    scale: NDArray[np.float64]


class Split(NamedTuple):
    """Samples `[n, dims]` and labels `[n]` of either part."""

    train: Samples
    held_out: Samples
    train_labels: NDArray[np.int64] | None
    held_out_labels: NDArray[np.int64] | None
    inverse: Inverse | None
    """Of samples that were standardised."""


def split(contents: Contents, share: float) -> Split:
    """Hold out a share of the samples, the same for every seed and loss, and standardise both parts by the
    other if that is wanted. UserError if either part would be too small, or a column the same in all samples
    trained on."""
    n = len(contents.samples)
    order = generator(0, "prepare", "split").permutation(n)
    apart = max(1, round(share * n))
    for part, size in (("hold out", apart), ("train on", n - apart)):
        if size < FEWEST:
            raise UserError(f"held_out: {share:g} of {n} samples leaves {size} to {part}; needs {FEWEST}")
    kept, held_out = order[apart:], order[:apart]
    samples, labels, inverse = contents.samples, contents.labels, None
    if contents.standardise:
        inverse = _inverse(contents, samples[kept])
        samples = (samples - inverse.offset) / inverse.scale
    samples = samples.astype(np.float32, copy=False)
    return Split(
        samples[kept],
        samples[held_out],
        None if labels is None else labels[kept],
        None if labels is None else labels[held_out],
        inverse,
    )


def _inverse(contents: Contents, train: NDArray[np.float64]) -> Inverse:
    # In units of the largest value, whose square is then no larger than 1.
    unit = np.abs(train).max(axis=0)
    unit[unit == 0] = 1
    offset, scale = (train / unit).mean(axis=0) * unit, (train / unit).std(axis=0) * unit
    constant = (train == train[0]).all(axis=0)
    if constant.any():
        column = int(constant.argmax())
        name = contents.columns[column] if contents.columns else column + 1
        others = int((contents.samples[:, column] != train[0, column]).sum())
        raise UserError(
            f"column '{name}' is constant in the rows trained on (only {others} held-out "
            f"{'row differs' if others == 1 else 'rows differ'}); leave it out, or change `held_out`"
        )
    return Inverse(offset, scale)
