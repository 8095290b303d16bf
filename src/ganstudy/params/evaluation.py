"""How finished runs are judged."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Discriminator, Field, Tag

from ganstudy.params.setting import Count, Name, Options, Positive, Setting, Share, Unstrict, Use

if TYPE_CHECKING:
    from ganstudy.params.recipe import Variant


class Floors(Setting):
    """A tolerance told in floors: the error that a perfect sampler stays below, times `floors`."""

    floors: Positive
    """How many."""


def _kind(given: Any) -> str:
    return "in floors" if isinstance(given, dict | Floors) else "a number"


Error = Annotated[
    Annotated[Positive, Tag("a number")] | Annotated[Floors, Tag("in floors")], Discriminator(_kind)
]
"""The greatest error that passes, in the figure's own unit or in floors."""


class Tolerance(Setting):
    """How far from the target a run may be and still be `matched`. A figure that is not named is not judged.

    What is judged is the upper end of the error's interval: a run has matched when its samples show that it
    is near enough, not when they are too few to show that it is not.
    """

    mean: Error | None = None
    """Of the mean, in the data's unit, averaged over dimensions; so are the next three."""
    std: Error | None = None
    """Of the standard deviation, in the data's unit."""
    skew: Error | None = None
    """Of the skewness."""
    kurtosis: Error | None = None
    """Of the excess kurtosis."""
    wasserstein: Error | None = None
    """Wasserstein-1 distance, in the data's unit; in several dimensions sliced (Rabin et al. 2011)."""
    ks: Error | None = None
    """Kolmogorov-Smirnov distance, of the dimension where it is largest."""
    energy: Error | None = None
    """Energy distance (Székely & Rizzo 2013)."""
    precision: Error | None = None
    """Of the share of generated samples near a real one (arXiv 1904.06991)."""
    recall: Error | None = None
    """Of the share of real samples near a generated one (arXiv 1904.06991)."""
    density: Error | None = None
    """Of the number of real neighbourhoods a generated sample lies in, in k (arXiv 2002.09797)."""
    coverage: Error | None = None
    """Of the share of real samples whose neighbourhood holds a generated one (arXiv 2002.09797)."""
    frechet: Error | None = None
    """Fréchet distance of images, by the features of this study's own classifier (after arXiv 1706.08500)."""
    inside: Annotated[float, Field(gt=0, le=1)] | None = None
    """Least share of samples inside the real box."""
    modes_missing: Annotated[int, Field(ge=0)] | None = None
    """Modes of a mixture without a sample near them (arXiv 1712.04086)."""
    high_quality: Annotated[float, Field(gt=0, le=1)] | None = None
    """Least share of samples within three standard deviations of a mode (arXiv 1712.04086)."""
    reverse_kl: Error | None = None
    """KL divergence, in nats, of the modes' shares of the samples from equal shares (arXiv 1705.07761)."""
    fresh_accuracy: Error | None = None
    """How far above 1/2 a discriminator trained afresh may come."""
    jensen_shannon: Error | None = None
    """Nats that a discriminator trained afresh may prove the distributions to be apart."""
    brier: Positive | None = None
    """How far the mean squared error of the trained discriminator's D may be from 0.25, its value at
    match."""
    own: dict[Name, Error] = Field(default_factory=dict)
    """Of metrics of your own, by their names under `evaluation.metrics`."""

    def __iter__(self) -> Generator[tuple[str, float | Floors]]:
        """The figures that are named, with their tolerances."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name == "own":
                yield from value.items()
            elif value is not None:
                yield name, value

    @property
    def judged(self) -> list[str]:
        """The figures that are named."""
        return [name for name, _ in self]


OF_POINTS = ("mean", "inside", "modes_missing", "high_quality", "reverse_kl")
"""What can be said of a generator whose input is constant, and which therefore makes a single point."""
OF_MODES = ("modes_missing", "high_quality", "reverse_kl")
IMAGES = ("digits", "images", "mnist")
SOURCES_OF = {
    "inside": ("pattern_1010",),
    "frechet": IMAGES,
    **dict.fromkeys(OF_MODES, ("ring", "grid")),
}
"""The sources that a figure makes sense for; the others do for all,"""
NOT_OF_IMAGES = ("skew", "kurtosis", "ks")
"""but these want every value to vary, as an image's corner does not."""
BY_DEFAULT = ("wasserstein", "frechet", "density", "coverage")
"""What is judged where a source has no tolerances of its own."""


class Probe(Setting):
    """The discriminator that is trained afresh on each finished generator."""

    hidden: Annotated[tuple[Count, ...], Unstrict] = (64, 64)
    """Values in each hidden layer."""
    lr: Positive = 1e-3
    """Learning rate of Adam, betas (0.9, 0.999)."""
    batch: Count = 256
    """Real samples a step, and as many generated ones."""
    patience: Count = 4
    """Passes over its samples without a lower held-out loss, after which it has stopped learning."""
    passes: Count = 40
    """At most."""


class Claim(Setting):
    """What a recipe's source says of its own result: errors that its figures or text leave room for. Reports
    say in how many seeds it held."""

    by: str
    """Whose claim."""
    mean: Positive | None = None
    """Greatest error of the mean, in the data's unit."""
    std: Positive | None = None
    """Greatest error of the standard deviation, in the data's unit."""
    skew: Positive | None = None
    """Greatest error of the skewness."""
    kurtosis: Positive | None = None
    """Greatest error of the excess kurtosis."""

    @property
    def errors(self) -> dict[str, float]:
        """The greatest error of each figure that the claim speaks of."""
        return {name: value for name, value in self if name != "by" and value is not None}


class Metric(Setting):
    """A metric of your own, in a Python file."""

    use: Use
    """A file in the folder `own`, and in it a function of generated samples, real ones and the options:
    `metrics/mine.py:my_metric`."""
    options: Options = Field(default_factory=dict)
    """What it is given by name."""
    target: float | None = None
    """Its value at match; by default what perfect samplers score on average."""


class Evaluation(Setting):
    """How finished runs are judged."""

    tolerances: dict[Name, Tolerance] = Field(default_factory=dict)
    """By source, for variants without tolerances of their own: when the margins of all these errors stay
    within, a run has matched."""
    metrics: dict[Name, Metric] = Field(default_factory=dict)
    """Metrics of your own, by free names."""
    floors: Positive = 4.0
    """For sources without tolerances: the Wasserstein distance, density, coverage and, of labelled images,
    the Fréchet distance may be so many floors off."""
    collapsed_spread: Share = 0.1
    """A run has collapsed when its standard deviation is below this share of the target's,"""
    collapsed_modes: Share = 0.5
    """or, for mixtures, when it captured less than this share of the modes."""
    probe: Probe = Probe()
    """The discriminator that is trained afresh on each finished generator."""

    moved: ClassVar = {"claims": "a claim now stands in its variant's own block, as `variants.NAME.claim`"}

    def tolerance(self, variant: "Variant") -> Tolerance:
        """The variant's own, or its source's, or the default."""
        source = variant.source.name
        given = variant.tolerances or self.tolerances.get(source)
        if given is not None:
            return given
        figures = [name for name in BY_DEFAULT if source in SOURCES_OF.get(name, (source,))]
        return Tolerance.model_validate(dict.fromkeys(figures, Floors(floors=self.floors)))
