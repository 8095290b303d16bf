"""How finished runs are judged."""

from collections.abc import Generator
from typing import Annotated, Any, ClassVar

from pydantic import Discriminator, Field, Tag, create_model

from ganstudy.core.settings import Count, Name, Positive, Setting, Share, Unstrict
from ganstudy.metrics.metric import Metric, Threshold
from ganstudy.metrics.own import OwnMetricSettings
from ganstudy.metrics.registry import METRICS
from ganstudy.sources.registry import traits
from ganstudy.training.recipe import Recipe

OUTCOMES = ("matched", "undecided", "off_target", "collapsed", "diverged")
"""What can become of a run."""


class Floors(Setting):
    """A tolerance told in floors: the error that a perfect sampler stays below, times `floors`."""

    floors: Positive
    """How many."""


def _kind(given: Any) -> str:
    return "in floors" if isinstance(given, dict | Floors) else "a number"


Error = Annotated[
    Annotated[Positive, Tag("a number")] | Annotated[Floors, Tag("in floors")], Discriminator(_kind)
]
"""The greatest error that passes, in the metric's own unit or in floors."""


class ToleranceBase(Setting):
    """How far from the target a run may be and still be `matched`. A metric that is not named is not judged.

    What is judged is the upper end of the error's interval: a run has matched when its samples show that it
    is near enough, not when they are too few to show that it is not.
    """

    moved: ClassVar = {"fresh_accuracy": "it is called `c2st_accuracy` now"}

    own: dict[Name, Error] = Field(default_factory=dict)
    """Of metrics of your own, by their names under `evaluation.metrics`."""

    def __iter__(self) -> Generator[tuple[str, float | Floors]]:
        """The metrics that are named, with their tolerances."""
        for name in METRICS:
            if (value := getattr(self, name, None)) is not None:
                yield name, value
        yield from self.own.items()

    @property
    def judged(self) -> list[str]:
        """The metrics that are named."""
        return [name for name, _ in self]


TOLERANCE_TYPES: dict[Threshold, tuple[Any, str]] = {
    Threshold.ERROR: (Error | None, "Greatest error"),
    Threshold.SHARE: (Annotated[float, Field(gt=0, le=1)] | None, "Least share"),
    Threshold.COUNT: (Annotated[int, Field(ge=0)] | None, "Greatest count"),
    Threshold.NUMBER: (Positive | None, "Greatest error"),
}


def _field(metric: Metric) -> Any:
    kind, words = TOLERANCE_TYPES[metric.threshold]
    paper = f" ({metric.paper})" if metric.paper else ""
    return kind, Field(default=None, description=f"{words}. {metric.meaning}{paper}")


JUDGED_METRICS = {name: metric for name, metric in METRICS.items() if metric.threshold is not Threshold.NONE}
Tolerance = create_model(
    "Tolerance",
    __base__=ToleranceBase,
    __module__=__name__,
    __doc__=ToleranceBase.__doc__,
    **{name: _field(metric) for name, metric in JUDGED_METRICS.items()},
)
"""A tolerance for each metric that can be judged."""


class TwoSampleTest(Setting):
    """The classifier that is trained to tell each finished generator's samples from real ones."""

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
    """What a recipe's source says of its own result: errors that its plots or text leave room for. Reports
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
        """The greatest error of each metric that the claim speaks of."""
        return {name: value for name, value in self if name != "by" and value is not None}


class Evaluation(Setting):
    """How finished runs are judged."""

    tolerances: dict[Name, Tolerance] = Field(default_factory=dict)
    """By source, for variants without tolerances of their own: a run has matched when all these errors' upper
    bounds are within."""
    metrics: dict[Name, OwnMetricSettings] = Field(default_factory=dict)
    """Metrics of your own, by free names."""
    floors: Positive = 4.0
    """For sources without tolerances: the Wasserstein distance, density, coverage and, of labelled images,
    the Fréchet distance may be so many floors off."""
    collapsed_spread: Share = 0.1
    """A run has collapsed when its standard deviation is below this share of the target's,"""
    collapsed_modes: Share = 0.5
    """or, for mixtures, when it captured less than this share of the modes."""
    two_sample_test: TwoSampleTest = TwoSampleTest()
    """The classifier that is trained to tell each finished generator's samples from real ones."""

    moved: ClassVar = {
        "claims": "a claim now stands in its variant's own block, as `variants.NAME.claim`",
        "probe": "it is called `two_sample_test` now",
    }

    def tolerance(self, recipe: Recipe) -> ToleranceBase:
        """The variant's own, or its source's, or the default."""
        source = recipe.source.name
        given: ToleranceBase | None = getattr(recipe, "tolerances", None) or self.tolerances.get(source)
        if given is not None:
            return given
        known = traits(recipe.source)
        names = [
            name
            for name, metric in METRICS.items()
            if metric.by_default and (known is None or metric.makes_sense(known, point=False))
        ]
        return Tolerance.model_validate(dict.fromkeys(names, Floors(floors=self.floors)))
