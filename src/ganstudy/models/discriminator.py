"""From a pack of samples to one logit."""

from collections.abc import Sequence
from math import prod
from typing import Any

from torch import Tensor

from ganstudy.models.features import FEATURES, Raw
from ganstudy.models.layers import Layers, Parameters, activations_of
from ganstudy.models.modules import Modules
from ganstudy.params.recipe import OwnDiscriminator


class Discriminator:
    """A discriminator of samples of that shape in every lane, from the `discriminator` block of a variant."""

    def __init__(self, settings: Any, shape: Sequence[int]) -> None:
        self.shape = tuple(shape)
        self.features: Raw | None = None
        self.network: Layers | Modules
        if isinstance(settings, OwnDiscriminator):
            self.network = Modules(settings, settings.pack, self.shape)
        else:
            self.features = FEATURES[settings.features.name](settings.features, settings.pack, prod(shape))
            self.network = Layers(
                (self.features.size, *settings.hidden, 1),
                [*activations_of(settings), "linear"],
                settings.init,
            )

    @property
    def nonlinear_widths(self) -> list[int]:
        """How many values an example has in each layer that is more than additions and multiplications."""
        return [*self.network.nonlinear_widths, *(self.features.nonlinear_widths if self.features else [])]

    def initial(self, seeds: Sequence[int]) -> Parameters:
        """Initial values, one lane for each seed."""
        learnt = self.features.initial(seeds) if self.features else {}
        return {**learnt, **self.network.initial(seeds, "discriminator")}

    def __call__(self, parameters: Parameters, examples: Tensor) -> Tensor:
        """Examples `[lanes, batch, pack, dims]` to logits `[lanes, batch]`."""
        if self.features:
            return self.network(parameters, self.features(parameters, examples)).squeeze(-1)
        assert isinstance(self.network, Modules)
        return self.network.shaped(self.network(parameters, examples.unflatten(-1, self.shape)), examples, ())
