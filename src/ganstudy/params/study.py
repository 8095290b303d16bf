"""The study as a whole: its seeds and its cells."""

from typing import Annotated, Any, Self

from pydantic import Field, SerializeAsAny, field_validator, model_validator

from ganstudy.params.evaluation import (
    IMAGES,
    NOT_OF_IMAGES,
    OF_POINTS,
    SOURCES_OF,
    Evaluation,
    Tolerance,
)
from ganstudy.params.losses import LossEntry, LossSettings
from ganstudy.params.recipe import Variant
from ganstudy.params.setting import Count, Name, Setting, Unstrict

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
    def _claims_name_variants(self) -> Self:
        for name in self.evaluation.claims:
            if name not in self.variants:
                raise ValueError(f"evaluation.claims.{name}: no such variant; known: {sorted(self.variants)}")
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
            judged = self.evaluation.tolerance(source).judged
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
