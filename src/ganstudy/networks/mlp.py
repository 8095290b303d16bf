"""Multilayer perceptrons."""

from math import prod
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ganstudy.core.settings import Count, NameAlone, Positive, Setting, Unstrict
from ganstudy.core.text import listed
from ganstudy.networks.family import (
    DiscriminatorFamily,
    DiscriminatorSettings,
    GeneratorFamily,
    GeneratorSettings,
    Network,
)
from ganstudy.networks.features import FEATURES, Features, RawFeatures

Activation = Literal["relu", "leaky_relu", "elu", "silu", "tanh", "sigmoid", "softplus", "linear"]


class PytorchInit(Setting):
    """torch.nn.Linear's own: weights and biases U(-b, b), b = 1 / sqrt(inputs)."""

    name: Literal["pytorch"] = "pytorch"


class NormalInit(Setting):
    """Weights N(0, std); biases as `pytorch`."""

    name: Literal["normal"]
    std: Positive = 0.02
    """Of the weights; DCGAN's is 0.02 (arXiv 1511.06434)."""


class XavierInit(Setting):
    """Weights U(-b, b), b = sqrt(6 / (inputs + outputs)); biases 0. Glorot & Bengio 2010."""

    name: Literal["xavier"]


class HeInit(Setting):
    """Weights N(0, sqrt(2 / inputs)); biases 0. arXiv 1502.01852."""

    name: Literal["he"]


Init = Annotated[PytorchInit | NormalInit | XavierInit | HeInit, Field(discriminator="name"), NameAlone]


class MlpSettings(Setting):
    """Hidden layers of a multilayer perceptron; the sizes at both ends follow from the task."""

    name: Literal["mlp"] = "mlp"
    hidden: Annotated[tuple[Count, ...], Unstrict]
    """Values in each hidden layer."""
    activations: Activation | Annotated[tuple[Activation, ...], Unstrict] = "leaky_relu"
    """One for all hidden layers, or one for each. `leaky_relu` has slope 0.2 below zero."""
    init: Init = PytorchInit()
    """Initial weights and biases."""

    @model_validator(mode="after")
    def _one_activation_a_layer(self) -> Self:
        if not isinstance(self.activations, str) and len(self.activations) != len(self.hidden):
            raise ValueError(
                f"{len(self.activations)} activations for {len(self.hidden)} hidden layers; "
                "give one for each, or a single name for all"
            )
        return self

    @property
    def each_activation(self) -> list[str]:
        """The hidden layers' activations, one name each."""
        given = self.activations
        return [given] * len(self.hidden) if isinstance(given, str) else list(given)

    @property
    def in_words(self) -> str:
        """Sizes and activations of the hidden layers."""
        if not self.hidden:
            return "no hidden layers"
        used = list(dict.fromkeys(self.each_activation))
        names = ", ".join(self.each_activation) if len(used) > 1 else used[0]
        noun = "layer" if len(self.hidden) == 1 else "layers"
        return f"hidden {noun} of {listed(map(str, self.hidden))} ({names})"


class MlpGeneratorSettings(MlpSettings, GeneratorSettings):
    """Noise to sample, by a multilayer perceptron."""

    output: Activation = "linear"
    """The last layer's: it bounds what can be made."""


class MlpGenerator(GeneratorFamily):
    """Fully connected layers."""

    Settings = MlpGeneratorSettings

    @staticmethod
    def network(settings: MlpGeneratorSettings, noise: int, shape: tuple[int, ...], classes: int) -> Network:
        from ganstudy.networks.layers import Layers

        sizes = (noise + classes, *settings.hidden, prod(shape))
        return Layers(sizes, [*settings.each_activation, settings.output], settings.init, shape)

    @staticmethod
    def layers(settings: MlpGeneratorSettings) -> str:
        end = "" if settings.output == "linear" else f", {settings.output} at the output"
        return f"{settings.in_words}{end}"

    @staticmethod
    def widths(settings: MlpGeneratorSettings) -> tuple[int, ...]:
        return settings.hidden


class MlpDiscriminatorSettings(MlpSettings, DiscriminatorSettings):
    """`pack` samples together to one logit, by a multilayer perceptron. Losses that speak of D take its
    sigmoid."""

    features: Features = RawFeatures()
    """What it sees of them."""

    @model_validator(mode="after")
    def _features_fit_the_pack(self) -> Self:
        if self.features.compare and self.pack == 1:
            raise ValueError(f"features '{self.features.name}' compare samples; give a pack of 2 or more")
        return self


class MlpDiscriminator(DiscriminatorFamily):
    """Fully connected layers, which see all samples of a pack side by side, or features of them."""

    Settings = MlpDiscriminatorSettings

    @staticmethod
    def network(settings: MlpDiscriminatorSettings, shape: tuple[int, ...], classes: int) -> Network:
        from ganstudy.networks.layers import Layers, PackJudge

        features = FEATURES[settings.features.name](settings.features, settings.pack, prod(shape))
        sizes = (features.size + settings.pack * classes, *settings.hidden, 1)
        return PackJudge(features, Layers(sizes, [*settings.each_activation, "linear"], settings.init))

    @staticmethod
    def layers(settings: MlpDiscriminatorSettings) -> str:
        return settings.in_words

    @staticmethod
    def widths(settings: MlpDiscriminatorSettings) -> tuple[int, ...]:
        return settings.hidden

    @staticmethod
    def sees(settings: MlpDiscriminatorSettings) -> str:
        return settings.features.words
