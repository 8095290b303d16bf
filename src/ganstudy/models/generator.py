"""From noise to samples."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganstudy.models.layers import Layers, Parameters, activations_of
from ganstudy.models.modules import Modules
from ganstudy.params.recipe import OwnGenerator


class Generator:
    """A generator of samples of that shape in every lane, from the `noise` and `generator` blocks of a
    variant."""

    def __init__(self, noise: Any, settings: Any, shape: Sequence[int]) -> None:
        self.noise = noise
        self.shape, self.dims = tuple(shape), prod(shape)
        self.network: Layers | Modules
        if isinstance(settings, OwnGenerator):
            self.network = Modules(settings, noise.size, tuple(shape))
        else:
            self.network = Layers(
                (noise.size, *settings.hidden, self.dims),
                [*activations_of(settings), settings.output],
                settings.init,
            )

    def initial(self, seeds: Sequence[int]) -> Parameters:
        """Initial values, one lane for each seed."""
        return self.network.initial(seeds, "generator")

    def draw_noise(self, rng: np.random.Generator, n: int) -> NDArray[np.float32]:
        """`n` inputs, `[n, noise size]`."""
        shape = (n, self.noise.size)
        match self.noise.name:
            case "uniform":
                return rng.random(shape, dtype=np.float32)
            case "normal":
                return rng.standard_normal(shape, np.float32)
            case _:
                return np.full(shape, self.noise.value, np.float32)

    def __call__(self, parameters: Parameters, noise: Tensor) -> Tensor:
        """Noise `[lanes, n, noise size]` to samples `[lanes, n, dims]`."""
        made = self.network(parameters, noise)
        if isinstance(self.network, Layers):
            return made
        return self.network.shaped(made, noise, self.shape).flatten(2)
