"""A variant: a task with its recipe, and how its runs are judged."""

from ganstudy.study.evaluation import Claim, Tolerance
from ganstudy.training.recipe import Recipe


class Variant(Recipe):
    """A task with its recipe."""

    tolerances: Tolerance | None = None
    """When a run has matched; by default what `evaluation.tolerances` has for the source. Changing them
    trains nothing."""
    claim: Claim | None = None
    """What the recipe's source says of its own result."""

    @property
    def recipe(self) -> Recipe:
        """What training follows from."""
        return Recipe.model_construct(**{name: getattr(self, name) for name in Recipe.model_fields})
