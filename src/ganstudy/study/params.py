"""The study as a whole: its seeds and its cells."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from ganstudy.core.registry import OWN
from ganstudy.core.settings import Count, Name, Setting, Unstrict
from ganstudy.study.evaluation import Evaluation
from ganstudy.study.losses import LossEntry
from ganstudy.study.variant import Variant
from ganstudy.training.cell import Cell

STUDY_NAME = r"^[a-z0-9_-]+$"

Seed = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""Of at most 63 bits, as tables hold them."""


class Study(Setting):
    """What is studied, and how often."""

    name: Annotated[str, Field(pattern=STUDY_NAME)]
    """The study's, and its experiment's in MLflow."""
    seeds: Count | Annotated[tuple[Seed, ...], Unstrict, Field(min_length=1)]
    """How many, counted from 0, or a list of them."""

    @field_validator("seeds")
    @classmethod
    def _distinct(cls, seeds: int | tuple[int, ...]) -> int | tuple[int, ...]:
        if isinstance(seeds, tuple):
            repeated = sorted({seed for seed in seeds if seeds.count(seed) > 1})
            if repeated:
                raise ValueError(f"seed {repeated[0]} is there more than once; give each once")
        return seeds


def _nothing_below(value: Any) -> Any:
    """A key with nothing below it, as people leave them, is as good as none."""
    return {} if value is None else value


class Params(Setting):
    """params.yaml."""

    study: Study
    """Its name and its seeds."""
    variants: Annotated[dict[Name, Variant], Field(min_length=1)]
    """Tasks with their recipes, by free names. Each is trained with every loss."""
    losses: Annotated[dict[Name, LossEntry], Field(min_length=1)]
    """Losses with their options, by free names; which loss it is says `loss`, by default the name itself."""
    evaluation: Annotated[Evaluation, BeforeValidator(_nothing_below)] = Evaluation()
    """How finished runs are judged."""

    @field_validator("losses", mode="before")
    @classmethod
    def _loss_is_its_key_by_default(cls, losses: Any) -> Any:
        if not isinstance(losses, dict):
            return losses
        named = {key: {} if entry is None else entry for key, entry in losses.items()}
        return {
            key: {"loss": OWN if "use" in entry else key, **entry} if isinstance(entry, dict) else entry
            for key, entry in named.items()
        }

    @property
    def seeds(self) -> list[int]:
        """All of them, as given or counted from 0."""
        given = self.study.seeds
        return list(range(given)) if isinstance(given, int) else list(given)

    def cell(self, variant: str, loss: str) -> Cell:
        """The cell of that name. KeyError when params.yaml has no such variant or loss."""
        entry, chosen = self.losses[loss], self.variants[variant]
        return Cell(
            variant=variant,
            loss=loss,
            recipe=chosen.recipe.model_copy(update=entry.overrides.given),
            settings=entry.settings,
            overridden=entry.overrides,
        )

    @property
    def cells(self) -> list[Cell]:
        """Every variant with every loss, in the order of params.yaml."""
        return [self.cell(variant, loss) for variant in self.variants for loss in self.losses]
