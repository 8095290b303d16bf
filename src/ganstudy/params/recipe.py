"""A variant: a task with its recipe. Source, noise, networks, optimiser and length."""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator as ToldBy
from pydantic import Field, Tag, field_validator, model_validator

from ganstudy.params.evaluation import Claim, Tolerance
from ganstudy.params.setting import (
    Count,
    Name,
    NameAlone,
    Options,
    Positive,
    Setting,
    Share,
    Unstrict,
    Use,
)

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
    """Of the distribution."""
    std: Positive = 1.0
    """Of the distribution."""


class RingSource(MadeUp):
    """`modes` Gaussians of standard deviation `std`, evenly spaced on a circle."""

    name: Literal["ring"]
    modes: Count = 8
    """How many Gaussians."""
    radius: Positive = 1.0
    """Of the circle on which their centres lie."""
    std: Positive = 0.01
    """Of each, in either direction."""


class GridSource(MadeUp):
    """`side` × `side` Gaussians of standard deviation `std`, `spacing` apart, centred on the origin."""

    name: Literal["grid"]
    side: Count = 5
    """Gaussians in a row, and rows."""
    spacing: Positive = 2.0
    """From one centre to the next."""
    std: Positive = 0.05
    """Of each, in either direction."""


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
    """Numeric columns of a CSV or Parquet file, standardised to mean 0 and standard deviation 1 of the rows
    trained on."""

    name: Literal["table"]
    path: str
    """Of the file, in data/raw/tables: CSV (also tab-separated or gzipped) or Parquet."""
    columns: Annotated[tuple[str | int | float, ...], Unstrict, Field(min_length=1)] | None = None
    """By name, which may be a number. By default every column."""

    @field_validator("columns")
    @classmethod
    def _distinct(cls, given: tuple[str | int | float, ...] | None) -> tuple[str, ...] | None:
        columns = None if given is None else tuple(map(str, given))
        repeated = sorted({column for column in columns or () if (columns or ()).count(column) > 1})
        if repeated:
            raise ValueError(f"column '{repeated[0]}' is there more than once; give each once")
        return columns


class ImagesSource(FromFile):
    """A folder of images, in shades of grey, scaled to [-1, 1]. Where all of them lie in subfolders, these
    are their labels, which serve evaluation alone."""

    name: Literal["images"]
    path: str
    """Of the folder, in data/raw/images."""
    size: Count | Annotated[tuple[Count, Count], Unstrict] | None = None
    """To which they are resized: pixels of either side, or rows and columns. By default they stay as they
    are, and must be alike."""


class OwnSource(Setting):
    """A source of your own, in a Python file."""

    name: Name = "own"
    """By which `evaluation.tolerances` and reports call it."""
    use: Use
    """A file in the folder `own`, and in it a class of `ganstudy.sources.Distribution` or `Dataset`, or a
    function that returns one from these settings: `sources/spiral.py:Spiral`."""
    options: Options = Field(default_factory=dict)
    """What it finds as `settings.options`."""
    samples: Annotated[int, Field(ge=FEWEST)] = 10_000
    """Of a distribution: how many samples `prepare` writes for pictures and comparisons, for training and
    held out each."""
    held_out: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """Of a dataset: the share set aside for evaluation, chosen once, the same for every seed and loss."""

    @field_validator("name")
    @classmethod
    def _its_own_name(cls, name: str) -> str:
        if name in SOURCES:
            raise ValueError(f"'{name}' is a source of ganstudy's; give another name, or leave out `use`")
        return name


SOURCES = ("pattern_1010", "gaussian", "ring", "grid", "digits", "mnist", "table", "images")
"""The names of those that need no file of one's own."""


def _source(given: Any) -> str | None:
    """Which kind of source it is."""
    if isinstance(given, dict):
        return "own" if "use" in given else given.get("name")
    return "own" if isinstance(given, OwnSource) else getattr(given, "name", None)


SourceSettings = Annotated[
    Annotated[Pattern1010Source, Tag("pattern_1010")]
    | Annotated[GaussianSource, Tag("gaussian")]
    | Annotated[RingSource, Tag("ring")]
    | Annotated[GridSource, Tag("grid")]
    | Annotated[DigitsSource, Tag("digits")]
    | Annotated[MnistSource, Tag("mnist")]
    | Annotated[TableSource, Tag("table")]
    | Annotated[ImagesSource, Tag("images")]
    | Annotated[OwnSource, Tag("own")],
    ToldBy(_source),
    NameAlone,
]


# ---- Networks


class Noise(Setting):
    """The generator's input: `size` numbers, each U(0, 1), N(0, 1) or the constant `value`."""

    name: Literal["uniform", "normal", "constant"]
    """Its distribution."""
    size: Count = 1
    """Numbers a sample."""
    value: float = 0.5
    """Of each, where it is constant."""


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


class Network(Setting):
    """Hidden layers of a multilayer perceptron; the sizes at both ends follow from the task."""

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


class Generator(Network):
    """Noise to sample."""

    output: Activation = "linear"
    """The last layer's: it bounds what can be made."""
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
    """Whether m counts as a constant of the pack, as in the 50-line GAN, or is differentiated through."""


class Differences(Setting):
    """concat(x, x - m), m the mean of the pack."""

    name: Literal["differences"]
    gradient_through_mean: bool = False
    """Whether m counts as a constant of the pack, as in the 50-line GAN, or is differentiated through."""


class Moments(Setting):
    """Mean, standard deviation, skew and excess kurtosis of the pack."""

    name: Literal["moments"]


class MinibatchDiscrimination(Setting):
    """Each sample with its closeness to the others of its pack. arXiv 1606.03498, section 3.2."""

    name: Literal["minibatch_discrimination"]
    kernels: Count = 8
    """B of the paper: how many measures of closeness are learnt."""
    kernel_size: Count = 4
    """C of the paper: numbers that each compares."""


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
    """What it sees of them."""

    @model_validator(mode="after")
    def _features_fit_the_pack(self) -> Self:
        if self.features.name != "raw" and self.pack == 1:
            raise ValueError(f"features '{self.features.name}' compare samples; give a pack of 2 or more")
        return self


class OwnNetwork(Setting):
    """A network of your own, in a Python file: any torch.nn.Module."""

    use: Use
    """A file in the folder `own`, and in it a class of torch.nn.Module, or a function that returns one, from
    its ends and the options: `networks/mine.py:MyNetwork`. See docs/extending.md."""
    options: Options = Field(default_factory=dict)
    """What it is given by name."""


class OwnGenerator(OwnNetwork):
    """Made by `use(noise_size, shape, **options)`: noise `[n, noise_size]` to samples `[n, *shape]`."""

    average: Share = 0.0
    """As of any generator: decay per round of the average of the weights that is judged; 0 for none."""


class OwnDiscriminator(OwnNetwork):
    """Made by `use(pack, shape, **options)`: examples `[n, pack, *shape]` to logits `[n]`."""

    pack: Count = 1
    """Samples judged together as one example. PacGAN, arXiv 1712.04086."""


def _whose(given: Any) -> str:
    own = "use" in given if isinstance(given, dict) else isinstance(given, OwnNetwork)
    return "own" if own else "layers"


AnyGenerator = Annotated[
    Annotated[Generator, Tag("layers")] | Annotated[OwnGenerator, Tag("own")], ToldBy(_whose)
]
AnyDiscriminator = Annotated[
    Annotated[Discriminator, Tag("layers")] | Annotated[OwnDiscriminator, Tag("own")], ToldBy(_whose)
]


# ---- Optimisers, all from torch.optim


class Sgd(Setting):
    """Stochastic gradient descent."""

    name: Literal["sgd"]
    lr: Positive
    """Learning rate."""
    momentum: Share = 0.0
    """0 for none."""


class Adam(Setting):
    """Kingma & Ba 2014, arXiv 1412.6980."""

    name: Literal["adam"]
    lr: Positive
    """Learning rate."""
    betas: Annotated[tuple[Share, Share], Unstrict] = (0.9, 0.999)
    """Decay per step of the averages of the gradient and of its square."""
    eps: Positive = 1e-8
    """Added to the root of the second."""


class RmsProp(Setting):
    """Tieleman & Hinton 2012, lecture 6.5."""

    name: Literal["rmsprop"]
    lr: Positive
    """Learning rate."""
    alpha: Share = 0.99
    """Decay per step of the average of the squared gradient."""
    eps: Positive = 1e-8
    """Added to its root."""


Optimizer = Annotated[Sgd | Adam | RmsProp, Field(discriminator="name")]


class Variant(Setting):
    """A task with its recipe."""

    source: SourceSettings
    """Where real samples come from."""
    noise: Annotated[Noise, NameAlone]
    """What the generator makes samples of."""
    generator: AnyGenerator
    """From noise to samples."""
    discriminator: AnyDiscriminator
    """From samples to a verdict."""
    optimizer: Optimizer
    """The discriminator's, and the generator's unless `generator_optimizer` is given."""
    generator_optimizer: Optimizer | None = None
    """The generator's own. A slower one lets the discriminator keep up (TTUR, arXiv 1706.08500)."""
    batch: Count
    """Discriminator examples a step, each of `pack` samples; as many real as generated."""
    steps: Count
    """Rounds of `discriminator_steps` and then `generator_steps` updates."""
    discriminator_steps: Count = 1
    """Updates of the discriminator in each round: k of Goodfellow et al. 2014, algorithm 1."""
    generator_steps: Count = 1
    """Updates of the generator in each round."""
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
    tolerances: Tolerance | None = None
    """When a run has matched; by default what `evaluation.tolerances` has for the source. Changing them
    trains nothing."""
    claim: Claim | None = None
    """What the recipe's source says of its own result."""

    @model_validator(mode="after")
    def _samples_can_be_judged(self) -> Self:
        if self.noise.name != "constant" and self.samples < FEWEST:
            raise ValueError(
                f"{self.samples} samples are too few to tell a distribution by; give at least {FEWEST}"
            )
        return self
