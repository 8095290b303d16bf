"""From a pack of samples to one logit."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from ganstudy.networks.family import Parameters
from ganstudy.networks.registry import DISCRIMINATORS


class Discriminator:
    """A discriminator of samples of that shape in every replica, from the `discriminator` block of a
    variant."""

    def __init__(self, settings: Any, shape: Sequence[int], classes: int = 0) -> None:
        self.network = DISCRIMINATORS.of(settings).network(settings, tuple(shape), classes)

    def initial(self, seeds: Sequence[int]) -> Parameters:
        """Initial values, one replica for each seed."""
        return self.network.initial(seeds, "discriminator")

    def __call__(self, parameters: Parameters, examples: Tensor, condition: Tensor | None = None) -> Tensor:
        """Examples `[replicas, batch, pack, *shape]`, with conditions `[replicas, batch, pack, classes]`, to
        logits `[replicas, batch]`."""
        return self.network(parameters, examples, condition)
