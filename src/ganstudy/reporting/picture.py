"""What a kind of picture is, and what it is drawn of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ganstudy.results.study_results import CellResult
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.sources.source import Source
from ganstudy.sources.units import in_original_units, is_image


@dataclass(frozen=True)
class Subject:
    """A variant's cells, in the order of the losses, and each loss's colour."""

    cells: Sequence[CellResult]
    colours: Mapping[str, str]

    @property
    def name(self) -> str:
        """The variant's."""
        return self.cells[0].cell.variant

    @property
    def losses(self) -> list[str]:
        """Their names, in the order of params.yaml."""
        return [result.cell.loss for result in self.cells]

    @property
    def prepared(self) -> Prepared:
        """The variant's real data."""
        return self.cells[0].prepared

    @cached_property
    def source(self) -> Source:
        """Where they come from."""
        return make_source(self.cells[0].cell.recipe.source)

    @property
    def dims(self) -> int:
        """Numbers in a sample."""
        return prod(self.prepared.shape)

    @property
    def is_image(self) -> bool:
        """Whether samples are pictures."""
        return is_image(self.prepared.description)

    @property
    def is_point(self) -> bool:
        """Whether each generator makes a single point, its input being constant."""
        return self.cells[0].cell.recipe.noise.is_constant

    @property
    def units(self) -> str:
        """Those that networks train on."""
        return str(self.prepared.description["units"])

    @property
    def axes(self) -> list[str]:
        """What each dimension is called in original units."""
        columns = self.prepared.description.get("columns")
        if columns:
            return [str(column) for column in columns]
        return [self.units] if self.dims == 1 else [f"{self.units} {i + 1}" for i in range(self.dims)]

    def original(self, samples: NDArray[Any]) -> NDArray[np.float64]:
        """Samples `[…, *shape]` in the units that people know."""
        return in_original_units(samples, self.prepared.description)


Drawing = tuple[Figure, str]
"""A figure, and what is to be seen in it, in words, for those who cannot."""


@dataclass(frozen=True)
class Picture:
    """A kind of picture that a variant may have, every loss side by side."""

    name: str
    """Of its file."""
    place: int
    """Among the others of a variant: they are shown from the lowest to the highest."""
    title: str
    caption: str
    """How to read it."""
    applies: Callable[[Subject], bool]
    draw: Callable[[Subject], Drawing]
    part: str
    """Of the variant's section: `comparison`, `training` or `output`."""
    suffix: str = ".png"
    """Of its file: `.svg` where it is small enough for that, a few hundred marks."""
