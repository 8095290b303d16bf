"""From noise to samples."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganstudy.networks.family import Parameters
from ganstudy.networks.noise import Noise
from ganstudy.networks.registry import GENERATORS


class Generator:
    """A generator of samples of that shape in every replica, from the `noise` and `generator` blocks of a
    variant."""

    def __init__(self, noise: Noise, settings: Any, shape: Sequence[int], classes: int = 0) -> None:
        self.noise = noise
        self.network = GENERATORS.of(settings).network(settings, noise.size, tuple(shape), classes)

    def initial(self, seeds: Sequence[int]) -> Parameters:
        """Initial values, one replica for each seed."""
        return self.network.initial(seeds, "generator")

    def draw_noise(self, rng: np.random.Generator, n: int) -> NDArray[np.float32]:
        """`n` inputs, `[n, noise size]`."""
        return self.noise.draw(rng, n)

    def __call__(self, parameters: Parameters, noise: Tensor, condition: Tensor | None = None) -> Tensor:
        """Noise `[replicas, n, noise size]`, with conditions `[replicas, n, classes]`, to samples
        `[replicas, n, *shape]`."""
        return self.network(parameters, noise, condition)
