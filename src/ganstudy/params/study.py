"""The study as a whole: its seeds, its cells, and how they are judged."""

from typing import Annotated, Any, Self

from pydantic import Field, SerializeAsAny, field_validator, model_validator

from ganstudy.params.losses import LossEntry, LossSettings
from ganstudy.params.recipe import Variant
from ganstudy.params.setting import Count, Name, Positive, Setting, Share, Unstrict

STUDY_NAME = r"^[a-z0-9_-]+$"

OUTCOMES = ("matched", "off_target", "collapsed", "diverged")
"""What can become of a run."""

OVERRIDABLE = tuple(name for name in LossSettings.model_fields)


class Study(Setting):
    name: Annotated[str, Field(pattern=STUDY_NAME)]
    seeds: Count | Annotated[tuple[Annotated[int, Field(ge=0)], ...], Unstrict]
    """How many, counted from 0, or a list of them."""

    @field_validator("seeds")
    @classmethod
    def _distinct(cls, seeds: int | tuple[int, ...]) -> int | tuple[int, ...]:
        if isinstance(seeds, tuple):
            if not seeds:
                raise ValueError("an empty list; give at least one seed")
            repeated = sorted({seed for seed in seeds if seeds.count(seed) > 1})
            if repeated:
                raise ValueError(f"seed {repeated[0]} is there more than once; give each once")
        return seeds


class Tolerance(Setting):
    """How far from the target a run may end and still be `matched`, each figure in its own unit.
    A figure that is not named is not judged."""

    mean: Positive | None = None
    std: Positive | None = None
    skew: Positive | None = None
    kurtosis: Positive | None = None
    wasserstein: Positive | None = None
    ks: Positive | None = None
    inside: Annotated[float, Field(gt=0, le=1)] | None = None
    """Least share of samples inside the real box."""
    modes_missing: Annotated[int, Field(ge=0)] | None = None
    high_quality: Annotated[float, Field(gt=0, le=1)] | None = None
    """Least share of samples within three standard deviations of a mode."""
    reverse_kl: Positive | None = None

    @property
    def judged(self) -> list[str]:
        """The figures that are named."""
        return [name for name, value in self if value is not None]


OF_POINTS = ("mean", "inside", "modes_missing", "high_quality", "reverse_kl")
"""What can be said of a generator whose input is constant, and which therefore makes a single point."""
OF_MODES = ("modes_missing", "high_quality", "reverse_kl")
SOURCES_OF = {"inside": ("pattern_1010",), **dict.fromkeys(OF_MODES, ("ring", "grid"))}
"""The sources that a figure makes sense for; the others do for all,"""
NOT_OF_IMAGES = ("skew", "kurtosis", "ks")
"""but these want every value to vary, as an image's corner does not."""
IMAGES = ("digits", "mnist")


class Evaluation(Setting):
    tolerances: dict[Name, Tolerance] = Field(default_factory=dict)
    """By source."""
    floors: Positive = 4.0
    """For sources without tolerances: the Wasserstein distance may be this many floors."""
    collapsed_spread: Share = 0.1
    """A run has collapsed when its standard deviation is below this share of the target's,"""
    collapsed_modes: Share = 0.5
    """or, for mixtures, when it captured less than this share of the modes."""


class Cell(Setting):
    """A variant trained with a loss: the unit of caching. `recipe` has the loss's overrides applied."""

    variant: Name
    loss: Name
    recipe: Variant
    settings: SerializeAsAny[LossSettings]

    @property
    def overrides(self) -> dict[str, Any]:
        """What the loss's entry replaced in the recipe."""
        return {
            name: value
            for name in OVERRIDABLE
            if (value := self.settings.model_dump(mode="json")[name]) is not None
        }


class Params(Setting):
    """params.yaml."""

    study: Study
    variants: Annotated[dict[Name, Variant], Field(min_length=1)]
    losses: Annotated[dict[Name, LossEntry], Field(min_length=1)]
    evaluation: Evaluation = Evaluation()

    @field_validator("losses", mode="before")
    @classmethod
    def _loss_is_its_key_by_default(cls, losses: Any) -> Any:
        if not isinstance(losses, dict):
            return losses
        named = {key: {} if entry is None else entry for key, entry in losses.items()}
        return {
            key: {"loss": key, **entry} if isinstance(entry, dict) else entry for key, entry in named.items()
        }

    @model_validator(mode="after")
    def _tolerances_name_sources(self) -> Self:
        known = {variant.source.name for variant in self.variants.values()}
        for name in self.evaluation.tolerances:
            if name not in known:
                raise ValueError(
                    f"evaluation.tolerances.{name}: no variant has this source; known: {sorted(known)}"
                )
        return self

    @model_validator(mode="after")
    def _tolerances_can_be_met(self) -> Self:
        for source, tolerance in self.evaluation.tolerances.items():
            for figure in tolerance.judged:
                if source not in SOURCES_OF.get(figure, (source,)) or (
                    source in IMAGES and figure in NOT_OF_IMAGES
                ):
                    raise ValueError(
                        f"evaluation.tolerances.{source}.{figure}: says nothing of this source; leave it out"
                    )
        for name, variant in self.variants.items():
            source, point = variant.source.name, variant.noise.name == "constant"
            given = self.evaluation.tolerances.get(source)
            judged = ["wasserstein"] if given is None else given.judged
            if not (set(judged) & set(OF_POINTS) if point else judged):
                allowed = [
                    figure
                    for figure in (OF_POINTS if point else Tolerance.model_fields)
                    if source in SOURCES_OF.get(figure, (source,))
                ]
                raise ValueError(
                    f"variants.{name}: nothing to judge it by; name at least one of {', '.join(allowed)} "
                    f"under evaluation.tolerances.{source}"
                )
        return self

    @property
    def seeds(self) -> list[int]:
        given = self.study.seeds
        return list(range(given)) if isinstance(given, int) else list(given)

    def cell(self, variant: str, loss: str) -> Cell:
        """The cell of that name. KeyError when params.yaml has no such variant or loss."""
        settings = self.losses[loss]
        recipe = self.variants[variant]
        overrides = {name: value for name in OVERRIDABLE if (value := getattr(settings, name)) is not None}
        return Cell(variant=variant, loss=loss, recipe=recipe.model_copy(update=overrides), settings=settings)

    @property
    def cells(self) -> list[Cell]:
        return [self.cell(variant, loss) for variant in self.variants for loss in self.losses]
