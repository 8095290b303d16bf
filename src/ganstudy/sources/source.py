"""The two kinds of source."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudy.moments import Moments

Samples = NDArray[np.float32]
"""Samples as flat vectors, `[n, dims]`."""


class Source:
    """Where real samples come from, made from its block of params.yaml."""

    image: tuple[int, int] | None = None
    """Height and width where samples are images; samples themselves are always flat."""
    units: str = "value"

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def check(self) -> None:
        """UserError if the data that the settings name cannot be used. Nothing is written."""


class Distribution(Source, ABC):
    """A distribution known exactly: an endless supply of samples."""

    @abstractmethod
    def draw(self, rng: np.random.Generator, n: int) -> Samples:
        """`n` fresh samples, `[n, dims]`."""

    @abstractmethod
    def moments(self) -> Moments:
        """The exact ones."""


@dataclass(frozen=True)
class Contents:
    """What a file held, in the units that networks train on."""

    samples: Samples
    labels: NDArray[np.int64] | None = None
    """`[n]`, never shown to the networks."""
    offset: NDArray[np.float64] | None = None
    scale: NDArray[np.float64] | None = None
    """`[dims]`: sample × scale + offset gives back original units."""
    columns: tuple[str, ...] | None = None


class Dataset(Source, ABC):
    """A finite set of samples in a file."""

    @abstractmethod
    def load(self) -> Contents:
        """Read everything. UserError if the file is absent, damaged or unsuitable."""

    def check(self) -> None:
        self.load()
