"""What a GAN is trained on, and how."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ganstudy.core.settings import Count, NameAlone, Setting
from ganstudy.networks.noise import Noise
from ganstudy.networks.registry import DiscriminatorBlock, GeneratorBlock
from ganstudy.sources.registry import SourceBlock
from ganstudy.sources.source import FEWEST_SAMPLES
from ganstudy.training.optimizers import OptimizerBlock


class Recipe(Setting):
    """A task with all that training follows from, but the loss."""

    moved: ClassVar = {"warm_up": "it is called `discriminator_pretest` now"}

    source: SourceBlock
    """Where real samples come from."""
    noise: Annotated[Noise, NameAlone]
    """What the generator makes samples of."""
    generator: GeneratorBlock
    """From noise to samples."""
    discriminator: DiscriminatorBlock
    """From samples to a logit."""
    optimizer: OptimizerBlock
    """The discriminator's, and the generator's unless `generator_optimizer` is given."""
    generator_optimizer: OptimizerBlock | None = None
    """The generator's own. A slower one lets the discriminator keep up (TTUR, arXiv 1706.08500)."""
    batch: Count
    """Discriminator examples a step, each of `pack` samples; as many real as generated."""
    steps: Count
    """Steps of `discriminator_steps` and then `generator_steps` updates."""
    discriminator_steps: Count = 1
    """Updates of the discriminator in each step: k of Goodfellow et al. 2014, algorithm 1."""
    generator_steps: Count = 1
    """Updates of the generator in each step."""
    update: Literal["joint", "real_then_fake"] = "joint"
    """`real_then_fake` takes two discriminator updates, one for each term. Losses whose terms cannot be
    parted (relativistic ones and those with a gradient penalty) take one joint update all the same."""
    discriminator_pretest: Annotated[int, Field(ge=0)] = 0
    """Steps of a test before training: another discriminator, discarded afterwards, learns to tell real
    samples from U(0, 1) noise."""
    points: Count = 100
    """Points on each run's curves."""
    snapshots: Count = 10
    """How often the generator's output is kept for the evolution picture."""
    samples: Count = 10_000
    """Samples drawn from each finished generator, on which it is judged."""

    @model_validator(mode="after")
    def _samples_can_be_judged(self) -> Self:
        if not self.noise.is_constant and self.samples < FEWEST_SAMPLES:
            raise ValueError(
                f"{self.samples} samples are too few to tell a distribution by; give at least "
                f"{FEWEST_SAMPLES}"
            )
        return self


class Overrides(Setting):
    """What an entry under `losses:` may replace in every recipe; reports list it."""

    optimizer: OptimizerBlock | None = None
    """Replaces the recipe's: the discriminator's, and the generator's unless it has its own."""
    generator_optimizer: OptimizerBlock | None = None
    """Replaces the recipe's."""
    steps: Count | None = None
    """Replaces the recipe's."""
    discriminator_steps: Count | None = None
    """Replaces the recipe's."""
    generator_steps: Count | None = None
    """Replaces the recipe's."""

    @property
    def given(self) -> dict[str, Any]:
        """Those that are given."""
        return {name: value for name, value in self if value is not None}
