"""A source of the study's own, held to what everything else expects of samples."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from ganstudy.core import own
from ganstudy.core.errors import UserError
from ganstudy.core.settings import Name, Options, Setting, Use
from ganstudy.sources.contents import Contents
from ganstudy.sources.source import FEWEST_SAMPLES, Dataset, Distribution, Source
from ganstudy.sources.transforms import Samples

SHAPES = "[n, columns], or [n, channels, height, width] of images"


class OwnSourceSettings(Setting):
    """A source of your own, in a Python file."""

    name: Name = "own"
    """By which `evaluation.tolerances` and reports call it."""
    use: Use
    """A file in the folder `own`, and in it a class of `ganstudy.sources.source.Distribution` or `Dataset`,
    or a function that returns one from these settings: `sources/spiral.py:Spiral`."""
    options: Options = Field(default_factory=dict)
    """What it finds as `settings.options`."""
    samples: Annotated[int, Field(ge=FEWEST_SAMPLES)] = 10_000
    """Of a distribution: how many samples `prepare` writes for pictures and comparisons, for training and
    held out each."""
    held_out: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """Of a dataset: the share set aside for evaluation, chosen once, the same for every seed and loss."""
    condition: Literal["labels"] | None = None
    """Of a dataset: `labels` tells both networks each sample's label (arXiv 1411.1784)."""

    @field_validator("name")
    @classmethod
    def _its_own_name(cls, name: str) -> str:
        from ganstudy.sources.registry import SOURCES

        if name in list(SOURCES):
            raise ValueError(f"'{name}' is a source of ganstudy's; give another name, or leave out `use`")
        return name


class OwnSource(Source):
    """Makes the source that `use` names, its samples held to what is expected."""

    Settings = OwnSourceSettings
    traits = None

    @classmethod
    def make(cls, settings: OwnSourceSettings) -> Any:
        source: Source = own.make(settings.use, settings)
        if hasattr(source, "image"):
            raise UserError(
                f"{own.HOME / settings.use}: `image` has no meaning any more; give samples "
                "[n, channels, height, width]"
            )
        # One method is replaced on the object itself: a wrapper would have to pass on all else that a source
        # may define.
        match source:
            case Dataset():
                # As precise as what standardising needs.
                dtype = np.float64 if source.transform.divides_by_spread else np.float32
                load = partial(contents_of, source.load, settings.use, dtype)
                source.load = load  # type: ignore[method-assign]
            case Distribution() if settings.condition:
                raise UserError(f"{own.HOME / settings.use}: a distribution has no labels to condition on")
            case Distribution():
                source.draw = partial(drawn_by, source.draw, settings.use)  # type: ignore[method-assign]
            case _:
                made = type(source).__name__
                raise UserError(
                    f"{own.HOME / settings.use}: made a {made}, should be a Distribution or a Dataset"
                )
        return source

    def task(self) -> str:
        settings = self.settings
        return f"Draw from {settings.name}, {own.in_words(settings.use, settings.options)}."


def contents_of(load: Callable[[], Any], use: str, dtype: Any) -> Contents:
    """What `load` gives: samples of that type, `[n, columns]` or `[n, channels, height, width]`, and labels
    as whole numbers. UserError, in a line, if it raises or gives something else."""
    where = f"{own.HOME / use}.load"
    contents = own.guarded(load, use)
    if not isinstance(contents, Contents):
        raise UserError(
            f"{where} returned a {type(contents).__name__}, expected "
            "ganstudy.sources.source.Contents(samples)"
        )
    samples = _numbers(contents.samples, where, dtype)
    n = len(samples)
    if n < FEWEST_SAMPLES:
        raise UserError(f"{where}: {n} samples; needs at least {FEWEST_SAMPLES}")
    if contents.columns is not None and (len(contents.columns),) != samples.shape[1:]:
        raise UserError(f"{where}: {len(contents.columns)} columns for samples {list(samples.shape[1:])}")
    return replace(contents, samples=samples, labels=_numbered(contents.labels, n, where))


def drawn_by(
    draw: Callable[[np.random.Generator, int], Any], use: str, rng: np.random.Generator, n: int
) -> Samples:
    """What `draw` gives, `[n, columns]` or `[n, channels, height, width]`. UserError, in a line, if it raises
    or gives something else."""
    where = f"{own.HOME / use}.draw"
    samples = _numbers(own.guarded(draw, use, rng, n), where, np.float32)
    if len(samples) != n:
        raise UserError(f"{where} returned {len(samples)} samples where {n} were asked for")
    return samples


def _numbers(given: Any, where: str, dtype: Any) -> NDArray[Any]:
    try:
        samples = np.asarray(given)
    except ValueError:
        raise UserError(f"{where}: samples are of several lengths, expected {SHAPES}") from None
    if samples.dtype.kind not in "iufb":
        kind = type(given).__name__ if samples.dtype == object else str(samples.dtype)
        raise UserError(f"{where}: samples are {kind}, expected numbers {SHAPES}")
    if samples.ndim not in (2, 4):
        raise UserError(f"{where}: samples have shape {list(samples.shape)}, expected {SHAPES}")
    with np.errstate(over="ignore"):
        numbers = samples.astype(dtype, copy=False)
    if not np.isfinite(numbers).all():
        row = int(np.isfinite(numbers.reshape(len(numbers), -1)).all(axis=1).argmin())
        raise UserError(f"{where}: sample {row} has no finite value in single precision")
    return numbers


def _numbered(labels: Any, n: int, where: str) -> NDArray[np.int64] | None:
    """Labels as whole numbers; words by their order."""
    if labels is None:
        return None
    labels = np.asarray(labels)
    if labels.shape != (n,):
        raise UserError(f"{where}: labels have shape {list(labels.shape)}, expected [{n}]")
    if labels.dtype.kind in "iub":
        return np.asarray(labels, np.int64)
    return np.asarray(np.unique(labels.astype(str), return_inverse=True)[1], np.int64)
