"""From a pack of samples to one logit."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from ganstudy.models.features import FEATURES
from ganstudy.models.layers import Layers, Parameters, activations_of


class Discriminator:
    """A discriminator in every lane, from the `discriminator` block of a variant."""

    def __init__(self, settings: Any, dims: int) -> None:
        self.features = FEATURES[settings.features.name](settings.features, settings.pack, dims)
        self.layers = Layers(
            (self.features.size, *settings.hidden, 1), [*activations_of(settings), "linear"], settings.init
        )

    def initial(self, seeds: Sequence[int]) -> Parameters:
        """Initial values, one lane for each seed."""
        return {**self.features.initial(seeds), **self.layers.initial(seeds, "discriminator")}

    def __call__(self, parameters: Parameters, examples: Tensor) -> Tensor:
        """Examples `[lanes, batch, pack, dims]` to logits `[lanes, batch]`."""
        return self.layers(parameters, self.features(parameters, examples)).squeeze(-1)
