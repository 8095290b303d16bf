"""The two kinds of source."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Annotated, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ganstudy.core.errors import UserError
from ganstudy.core.registry import Component
from ganstudy.core.settings import Setting
from ganstudy.sources.contents import Contents, split_held_out
from ganstudy.sources.moments import Moments
from ganstudy.sources.transforms import Identity, Samples, Transform

FEWEST_SAMPLES = 10
"""Samples that a distribution can be told by."""

Trait = Literal["pixels", "modes", "box", "quantiles"]
"""What can be known of a source's samples before any is drawn: that they are images, or distributed around
modes, or in a box, or that their quantiles are known exactly."""


class DistributionSettings(Setting):
    """A distribution known exactly: training draws fresh samples, evaluation compares with the truth."""

    samples: Annotated[int, Field(ge=FEWEST_SAMPLES)] = 10_000
    """How many samples `prepare` writes for pictures and comparisons, for training and held out each."""


class DatasetSettings(Setting):
    """A finite set of samples: training passes over it in a new order each epoch."""

    held_out: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """The share set aside for evaluation, chosen once, the same for every seed and loss."""


class LabelledSettings(DatasetSettings):
    """A finite set of samples that may have labels."""

    condition: Literal["labels"] | None = None
    """`labels` tells both networks each sample's label: a conditional GAN (arXiv 1411.1784)."""


class Modes(NamedTuple):
    """Of a mixture of equally likely isotropic Gaussians in the plane."""

    centres: Samples
    """`[modes, 2]`"""
    std: float


class Box(NamedTuple):
    """Where all samples lie, `[dims]` each."""

    low: Samples
    high: Samples


class Source(Component):
    """Where real samples come from, made from its block of params.yaml."""

    traits: ClassVar[frozenset[Trait] | None] = frozenset()
    """None where only the samples tell."""
    shape: tuple[int, ...] | None = None
    """Of a sample, where it is known before any is read: `(columns,)` or `(channels, height, width)`."""
    is_complete: ClassVar[bool] = False
    """Whether its data come with ganstudy, so that nothing can be absent or damaged."""
    is_downloaded: ClassVar[bool] = False
    """Whether `prepare` fetches what is absent, so that a check cannot read it."""
    units: str = "value"
    """Those that networks train on."""
    transform: Transform = Identity()
    """To the units that networks train on. A dataset's `load` gives original units; a distribution draws what
    networks train on, and this leads back from there."""
    modes: Modes | None = None
    box: Box | None = None

    def has(self, trait: Trait) -> bool:
        """Whether that is known of the source."""
        return trait in (self.traits or ())

    def task(self) -> str:
        """What a generator is asked to do, in a sentence. Not abstract, for a source of a study's own is
        described by `OwnSource`."""
        raise NotImplementedError

    def check(self) -> None:
        """UserError if the data that the settings name cannot be used. Nothing is written."""

    def notes(self) -> list[str]:
        """What was taken for what, a line each; to be asked after `load` or `check`."""
        return []


class Distribution(Source, ABC):
    """A distribution known exactly: an endless supply of samples."""

    is_complete = True

    @abstractmethod
    def draw(self, rng: np.random.Generator, n: int) -> Samples:
        """`n` fresh samples, `[n, columns]` or `[n, channels, height, width]`."""

    @abstractmethod
    def moments(self) -> Moments:
        """The exact ones."""

    def quantile(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values below which shares `p`, `[…]`, of the distribution lie. It, `cdf` and `pdf` are there
        where `traits` has quantiles."""
        raise NotImplementedError

    def cdf(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The shares of the distribution below `x`, `[…]`."""
        raise NotImplementedError

    def pdf(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The density at `x`, `[…]`."""
        raise NotImplementedError


class Dataset(Source, ABC):
    """A finite set of samples in a file."""

    @abstractmethod
    def load(self) -> Contents:
        """Read everything. UserError if the file is absent, damaged or unsuitable."""

    def check(self) -> None:
        # As `prepare` will do it, with all that it might complain of.
        split_held_out(self.load(), self.settings, self.transform)

    @property
    def share_held_out(self) -> str:
        """`20 % are held out`."""
        return f"{100 * self.settings.held_out:.0f} % are held out"


def path_inside(home: Path, path: str, source: str) -> Path:
    """Where a source's file or folder lies: `path` in `home`, also where it begins with that. UserError if it
    would lie elsewhere."""
    given = Path(path)
    there = given if home in given.parents else home / given
    if ".." in there.parts or home not in there.parents:
        raise UserError(f"{source}: path '{path}' must lie inside {home}, which DVC watches")
    return there


__all__ = ["Contents", "Dataset", "Distribution", "Moments", "Samples", "Source", "path_inside"]
