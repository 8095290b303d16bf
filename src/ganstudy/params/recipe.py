"""A variant: a task with its recipe. Source, noise, networks, optimiser and length."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from ganstudy.params.setting import Count, NameAlone, Positive, Setting, Share, Unstrict

Activation = Literal["relu", "leaky_relu", "elu", "silu", "tanh", "sigmoid", "softplus", "linear"]

FEWEST = 10
"""Samples that a distribution can be told by."""


# ---- Where real samples come from; `ganstudy.sources` has the class behind each name.


class MadeUp(Setting):
    """A distribution known exactly: training draws fresh samples, evaluation compares with the truth."""

    samples: Annotated[int, Field(ge=FEWEST)] = 10_000
    """How many samples `prepare` writes for pictures and comparisons, for training and held out each."""


class Pattern1010Source(MadeUp):
    """Four values near 1, 0, 1, 0: [U(0.8, 1), U(0, 0.2), U(0.8, 1), U(0, 0.2)]."""

    name: Literal["pattern_1010"]


class GaussianSource(MadeUp):
    """N(mean, std), one value a sample."""

    name: Literal["gaussian"]
    mean: float = 0.0
    std: Positive = 1.0


class RingSource(MadeUp):
    """`modes` Gaussians of standard deviation `std`, evenly spaced on a circle."""

    name: Literal["ring"]
    modes: Count = 8
    radius: Positive = 1.0
    std: Positive = 0.01


class GridSource(MadeUp):
    """`side` × `side` Gaussians of standard deviation `std`, `spacing` apart, centred on the origin."""

    name: Literal["grid"]
    side: Count = 5
    spacing: Positive = 2.0
    std: Positive = 0.05


class FromFile(Setting):
    """A finite set of samples: training passes over it in a new order each epoch."""

    held_out: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """The share set aside for evaluation, chosen once, the same for every seed and loss."""


class DigitsSource(FromFile):
    """scikit-learn's 1,797 scanned digits of 8 × 8 pixels, scaled to [-1, 1]."""

    name: Literal["digits"]


class MnistSource(FromFile):
    """MNIST's digits of 28 × 28 pixels, scaled to [-1, 1]."""

    name: Literal["mnist"]
    split: Literal["train", "test"] = "train"
    """Which pair of IDX files is read: 60,000 images or 10,000."""


class TableSource(FromFile):
    """Numeric columns of a CSV or Parquet file, standardised to mean 0 and standard deviation 1."""

    name: Literal["table"]
    path: str
    columns: Annotated[tuple[str, ...], Unstrict, Field(min_length=1)] | None = None
    """By default every column."""

    @field_validator("columns")
    @classmethod
    def _distinct(cls, columns: tuple[str, ...] | None) -> tuple[str, ...] | None:
        repeated = sorted({column for column in columns or () if (columns or ()).count(column) > 1})
        if repeated:
            raise ValueError(f"column '{repeated[0]}' is there more than once; give each once")
        return columns


SourceSettings = Annotated[
    Pattern1010Source | GaussianSource | RingSource | GridSource | DigitsSource | MnistSource | TableSource,
    Field(discriminator="name"),
    NameAlone,
]


# ---- Networks


class Noise(Setting):
    """The generator's input: `size` numbers, each U(0, 1), N(0, 1) or the constant `value`."""

    name: Literal["uniform", "normal", "constant"]
    size: Count = 1
    value: float = 0.5


class PytorchInit(Setting):
    """torch.nn.Linear's own: weights and biases U(-b, b), b = 1 / sqrt(inputs)."""

    name: Literal["pytorch"] = "pytorch"


class NormalInit(Setting):
    """Weights N(0, std); biases as `pytorch`."""

    name: Literal["normal"]
    std: Positive = 0.02


class XavierInit(Setting):
    """Weights U(-b, b), b = sqrt(6 / (inputs + outputs)); biases 0. Glorot & Bengio 2010."""

    name: Literal["xavier"]


class HeInit(Setting):
    """Weights N(0, sqrt(2 / inputs)); biases 0. arXiv 1502.01852."""

    name: Literal["he"]


Init = Annotated[PytorchInit | NormalInit | XavierInit | HeInit, Field(discriminator="name"), NameAlone]


class Network(Setting):
    """Hidden layers of a multilayer perceptron; the sizes at both ends follow from the task."""

    hidden: Annotated[tuple[Count, ...], Unstrict]
    activations: Activation | Annotated[tuple[Activation, ...], Unstrict] = "leaky_relu"
    """One for all hidden layers, or one for each. `leaky_relu` has slope 0.2 below zero."""
    init: Init = PytorchInit()

    @model_validator(mode="after")
    def _one_activation_a_layer(self) -> Self:
        if not isinstance(self.activations, str) and len(self.activations) != len(self.hidden):
            raise ValueError(
                f"{len(self.activations)} activations for {len(self.hidden)} hidden layers; "
                "give one for each, or a single name for all"
            )
        return self


class Generator(Network):
    """Noise to sample."""

    output: Activation = "linear"
    average: Share = 0.0
    """Decay per round of the exponential moving average of the weights that is judged; 0 judges them as they
    are. Early on the decay is (1 + round) / (10 + round) when that is smaller."""


class RawFeatures(Setting):
    """The samples themselves."""

    name: Literal["raw"] = "raw"


class SquaredDeviations(Setting):
    """concat(x, (x - m)^2), m the mean of the pack."""

    name: Literal["squared_deviations"]
    gradient_through_mean: bool = False


class Differences(Setting):
    """concat(x, x - m), m the mean of the pack."""

    name: Literal["differences"]
    gradient_through_mean: bool = False


class Moments(Setting):
    """Mean, standard deviation, skew and excess kurtosis of the pack."""

    name: Literal["moments"]


class MinibatchDiscrimination(Setting):
    """Each sample with its closeness to the others of its pack. arXiv 1606.03498, section 3.2."""

    name: Literal["minibatch_discrimination"]
    kernels: Count = 8
    kernel_size: Count = 4


Features = Annotated[
    RawFeatures | SquaredDeviations | Differences | Moments | MinibatchDiscrimination,
    Field(discriminator="name"),
    NameAlone,
]


class Discriminator(Network):
    """`pack` samples together to one logit. Losses that speak of D take its sigmoid."""

    pack: Count = 1
    """Samples judged together as one example. PacGAN, arXiv 1712.04086."""
    features: Features = RawFeatures()

    @model_validator(mode="after")
    def _features_fit_the_pack(self) -> Self:
        if self.features.name != "raw" and self.pack == 1:
            raise ValueError(f"features '{self.features.name}' compare samples; give a pack of 2 or more")
        return self


# ---- Optimisers, all from torch.optim


class Sgd(Setting):
    name: Literal["sgd"]
    lr: Positive
    momentum: Share = 0.0


class Adam(Setting):
    name: Literal["adam"]
    lr: Positive
    betas: Annotated[tuple[Share, Share], Unstrict] = (0.9, 0.999)
    eps: Positive = 1e-8


class RmsProp(Setting):
    name: Literal["rmsprop"]
    lr: Positive
    alpha: Share = 0.99
    eps: Positive = 1e-8


Optimizer = Annotated[Sgd | Adam | RmsProp, Field(discriminator="name")]


class Variant(Setting):
    """A task with its recipe."""

    source: SourceSettings
    noise: Annotated[Noise, NameAlone]
    generator: Generator
    discriminator: Discriminator
    optimizer: Optimizer
    """The discriminator's, and the generator's unless `generator_optimizer` is given."""
    generator_optimizer: Optimizer | None = None
    batch: Count
    """Discriminator examples a step, each of `pack` samples; as many real as generated."""
    steps: Count
    """Rounds of `discriminator_steps` and then `generator_steps` updates."""
    discriminator_steps: Count = 1
    generator_steps: Count = 1
    update: Literal["joint", "real_then_fake"] = "joint"
    """`real_then_fake` takes two discriminator updates, one for each term. Losses whose terms cannot be
    parted (relativistic ones and those with a gradient penalty) take one joint update all the same."""
    warm_up: Annotated[int, Field(ge=0)] = 0
    """Iterations for which a lone discriminator, discarded before the game, is first tried on real samples
    against U(0, 1) noise: can it learn to tell them apart at all?"""
    points: Count = 100
    """Points on each run's curves."""
    snapshots: Count = 10
    """How often the generator's output is kept for the evolution picture."""
    samples: Count = 10_000
    """Samples drawn from each finished generator, on which it is judged."""

    @model_validator(mode="after")
    def _samples_can_be_judged(self) -> Self:
        if self.noise.name != "constant" and self.samples < FEWEST:
            raise ValueError(
                f"{self.samples} samples are too few to tell a distribution by; give at least {FEWEST}"
            )
        return self
