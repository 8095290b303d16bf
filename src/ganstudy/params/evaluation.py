"""How finished runs are judged."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from ganstudy.params.setting import Count, Name, Positive, Setting, Share, Unstrict


class Floors(Setting):
    """A tolerance told in floors: the error that a perfect sampler stays below, times `floors`."""

    floors: Positive


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
    std: Error | None = None
    skew: Error | None = None
    kurtosis: Error | None = None
    wasserstein: Error | None = None
    ks: Error | None = None
    energy: Error | None = None
    precision: Error | None = None
    recall: Error | None = None
    density: Error | None = None
    coverage: Error | None = None
    frechet: Error | None = None
    inside: Annotated[float, Field(gt=0, le=1)] | None = None
    """Least share of samples inside the real box."""
    modes_missing: Annotated[int, Field(ge=0)] | None = None
    high_quality: Annotated[float, Field(gt=0, le=1)] | None = None
    """Least share of samples within three standard deviations of a mode."""
    reverse_kl: Error | None = None
    fresh_accuracy: Error | None = None
    """How far above 1/2 a discriminator trained afresh may come."""
    jensen_shannon: Error | None = None
    """Nats that a discriminator trained afresh may prove the distributions to be apart."""

    @property
    def judged(self) -> list[str]:
        """The figures that are named."""
        return [name for name, value in self if value is not None]


OF_POINTS = ("mean", "inside", "modes_missing", "high_quality", "reverse_kl")
"""What can be said of a generator whose input is constant, and which therefore makes a single point."""
OF_MODES = ("modes_missing", "high_quality", "reverse_kl")
IMAGES = ("digits", "mnist")
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
    lr: Positive = 1e-3
    """Of Adam, betas (0.9, 0.999)."""
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
    std: Positive | None = None
    skew: Positive | None = None
    kurtosis: Positive | None = None

    @property
    def errors(self) -> dict[str, float]:
        """The greatest error of each figure that the claim speaks of."""
        return {name: value for name, value in self if name != "by" and value is not None}


class Evaluation(Setting):
    tolerances: dict[Name, Tolerance] = Field(default_factory=dict)
    """By source."""
    floors: Positive = 4.0
    """For sources without tolerances: the Wasserstein distance, density, coverage and, of labelled images,
    the Fréchet distance may be so many floors off."""
    collapsed_spread: Share = 0.1
    """A run has collapsed when its standard deviation is below this share of the target's,"""
    collapsed_modes: Share = 0.5
    """or, for mixtures, when it captured less than this share of the modes."""
    probe: Probe = Probe()
    claims: dict[Name, Claim] = Field(default_factory=dict)
    """By variant."""

    def tolerance(self, source: str) -> Tolerance:
        """The source's own, or the default."""
        given = self.tolerances.get(source)
        if given is not None:
            return given
        figures = [name for name in BY_DEFAULT if source in SOURCES_OF.get(name, (source,))]
        return Tolerance.model_validate(dict.fromkeys(figures, Floors(floors=self.floors)))
