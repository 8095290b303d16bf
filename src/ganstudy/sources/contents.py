"""A finite set of samples, and its two parts: to train on, and held out for evaluation."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ganstudy.core.errors import UserError
from ganstudy.core.random import generator
from ganstudy.sources.labels import are_told
from ganstudy.sources.transforms import Samples, Transform

FEWEST_OF_EITHER_PART = 2
"""The fewest samples of either part: a single one has no spread."""


@dataclass(frozen=True)
class Contents:
    """What a file held."""

    samples: NDArray[Any]
    """`[n, columns]` or `[n, channels, height, width]`, in original units."""
    labels: NDArray[np.int64] | None = None
    """`[n]`, shown to the networks only where `condition: labels` asks for it."""
    columns: tuple[str, ...] | None = None


class Split(NamedTuple):
    """Samples `[n, …]`, as networks train on them, and labels `[n]` of either part."""

    train: Samples
    held_out: Samples
    train_labels: NDArray[np.int64] | None
    held_out_labels: NDArray[np.int64] | None
    transform: Transform
    """Fitted to the samples trained on."""


def split_held_out(contents: Contents, settings: Any, transform: Transform) -> Split:
    """Hold out a share of the samples, the same for every seed and loss, fit the transform to the others and
    apply it to both. UserError if either part would be too small, a column the same in all samples trained on
    though the transform divides by its spread, or labels asked for as conditions where there are none."""
    n, share = len(contents.samples), settings.held_out
    if are_told(settings) and contents.labels is None:
        raise UserError("condition: these data have no labels to tell the networks; leave it out")
    order = generator(0, "prepare", "split").permutation(n)
    apart = max(1, round(share * n))
    for part, size in (("hold out", apart), ("train on", n - apart)):
        if size < FEWEST_OF_EITHER_PART:
            raise UserError(
                f"held_out: {share:g} of {n} samples leaves {size} to {part}; needs {FEWEST_OF_EITHER_PART}"
            )
    kept, held_out = order[apart:], order[:apart]
    samples, labels = contents.samples, contents.labels
    if transform.divides_by_spread:
        _refuse_constant_columns(contents, samples[kept])
    fitted = transform.fit(samples[kept])
    return Split(
        fitted.apply(samples[kept]),
        fitted.apply(samples[held_out]),
        None if labels is None else labels[kept],
        None if labels is None else labels[held_out],
        fitted,
    )


def _refuse_constant_columns(contents: Contents, train: NDArray[Any]) -> None:
    constant = (train == train[0]).all(axis=0)
    if constant.any():
        column = int(constant.argmax())
        name = contents.columns[column] if contents.columns else column + 1
        others = int((contents.samples[:, column] != train[0, column]).sum())
        raise UserError(
            f"column '{name}' is constant in the rows trained on (only {others} held-out "
            f"{'row differs' if others == 1 else 'rows differ'}); leave it out, or change `held_out`"
        )
