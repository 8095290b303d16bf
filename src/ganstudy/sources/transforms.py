"""From the units of the data to those that networks train on, and back."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Samples in their natural shape: `[n, columns]`, or `[n, channels, height, width]`."""


class Transform(ABC):
    """A change of units that can be undone."""

    name: ClassVar[str]
    divides_by_spread: ClassVar[bool] = False
    """Whether it needs values that vary."""

    def fit(self, train: NDArray[Any]) -> Self:
        """The transform for data of which `train`, `[n, …]`, are trained on. It may look at nothing else."""
        return self

    @abstractmethod
    def apply(self, samples: NDArray[Any]) -> Samples:
        """Samples `[n, …]` in original units as networks train on them, in single precision."""

    @abstractmethod
    def invert(self, samples: NDArray[Any]) -> NDArray[np.float64]:
        """Samples `[n, …]` as networks make them, in original units."""

    @property
    def description(self) -> dict[str, Any]:
        """All that `transform_of` needs to make it again, ready for JSON."""
        fields = {name: values.tolist() for name, values in vars(self).items() if values is not None}
        return {"name": self.name, **fields}


class Identity(Transform):
    """Samples are trained on as they are."""

    name = "identity"

    def apply(self, samples: NDArray[Any]) -> Samples:
        return samples.astype(np.float32, copy=False)

    def invert(self, samples: NDArray[Any]) -> NDArray[np.float64]:
        return samples.astype(np.float64)


class PixelRange(Transform):
    """Pixels from 0 (black) to 1, brought to [-1, 1], which is where a generator's tanh ends."""

    name = "pixel_range"

    def apply(self, samples: NDArray[Any]) -> Samples:
        return (2 * samples - 1).astype(np.float32, copy=False)

    def invert(self, samples: NDArray[Any]) -> NDArray[np.float64]:
        return (samples.astype(np.float64) + 1) / 2


@dataclass(frozen=True)
class Standardise(Transform):
    """Each value brought to mean 0 and standard deviation 1 of the samples trained on."""

    name = "standardise"
    divides_by_spread = True
    mean: NDArray[np.float64] | None = None
    """In original units, of the shape of a sample; None before it is fitted, as `std`."""
    std: NDArray[np.float64] | None = None

    def fit(self, train: NDArray[Any]) -> Self:
        # In units of the largest value, whose square is then no larger than 1.
        unit = np.abs(train).max(axis=0)
        unit[unit == 0] = 1
        return type(self)((train / unit).mean(axis=0) * unit, (train / unit).std(axis=0) * unit)

    def apply(self, samples: NDArray[Any]) -> Samples:
        assert self.mean is not None
        assert self.std is not None
        standardised: Samples = ((samples - self.mean) / self.std).astype(np.float32)
        return standardised

    def invert(self, samples: NDArray[Any]) -> NDArray[np.float64]:
        assert self.mean is not None
        assert self.std is not None
        return samples.astype(np.float64) * self.std + self.mean


TRANSFORMS: dict[str, type[Transform]] = {each.name: each for each in (Identity, PixelRange, Standardise)}


def transform_of(description: Mapping[str, Any]) -> Transform:
    """The transform that its `description` tells of."""
    fields = {name: np.array(values) for name, values in description.items() if name != "name"}
    return TRANSFORMS[description["name"]](**fields)
