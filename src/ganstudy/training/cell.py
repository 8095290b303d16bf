"""A cell: a variant and a loss."""

from typing import Any

from pydantic import SerializeAsAny

from ganstudy.core.settings import Name, Setting
from ganstudy.training.recipe import Overrides, Recipe


class Cell(Setting):
    """A variant trained with a loss: the unit of caching."""

    variant: Name
    loss: Name
    recipe: Recipe
    """With the loss's overrides applied."""
    settings: SerializeAsAny[Setting]
    """The loss's own."""
    overridden: Overrides = Overrides()

    @property
    def overrides(self) -> dict[str, Any]:
        """What the loss's entry replaced in the recipe, ready for JSON."""
        return self.overridden.model_dump(mode="json", exclude_none=True)
