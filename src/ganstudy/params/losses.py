"""An entry under `losses:`: which loss, its own options, and what it overrides in every recipe."""

from typing import Annotated, Literal

from pydantic import Field

from ganstudy.params.recipe import Optimizer
from ganstudy.params.setting import Count, Options, Positive, Setting, Use

OWN = "own"
"""What an entry with `use` is."""


class LossSettings(Setting):
    """What any entry may say. Overrides replace the recipe's value in every variant; reports list them."""

    optimizer: Optimizer | None = None
    """In the place of the recipe's: the discriminator's, and the generator's unless it has its own."""
    generator_optimizer: Optimizer | None = None
    """In the place of the recipe's."""
    steps: Count | None = None
    """In the place of the recipe's."""
    discriminator_steps: Count | None = None
    """In the place of the recipe's."""
    generator_steps: Count | None = None
    """In the place of the recipe's."""


class Plain(LossSettings):
    """Losses without options."""

    loss: Literal["minimax", "non_saturating", "mse", "lsgan", "hinge", "relativistic"]


class Smoothed(LossSettings):
    """Cross-entropy with labels drawn near 1 and 0. Salimans et al. 2016, arXiv 1606.03498, section 3.4."""

    loss: Literal["smoothed"]
    smoothing: Annotated[float, Field(ge=0, le=1)] = 0.2
    """s: real labels are U(1 - s, 1), fake ones U(0, s)."""
    labels: Literal["per_batch", "fixed"] = "per_batch"
    """Drawn anew for each batch, or once and then used in every batch."""


class OneSided(LossSettings):
    """Cross-entropy with real labels below 1. Salimans et al. 2016, arXiv 1606.03498, section 3.4."""

    loss: Literal["one_sided"]
    real_label: Annotated[float, Field(gt=0, le=1)] = 0.9
    """a: the label of real samples; that of fake ones is 0."""


class WganClip(LossSettings):
    """The Wasserstein critic with clipped weights. Arjovsky et al. 2017, arXiv 1701.07875."""

    loss: Literal["wgan_clip"]
    clip: Positive = 0.01
    """c: after each update the critic's weights are clipped to [-c, c]."""


class WganGp(LossSettings):
    """The Wasserstein critic with a penalty on its slope. Gulrajani et al. 2017, arXiv 1704.00028."""

    loss: Literal["wgan_gp"]
    penalty: Positive = 10.0
    """λ; the paper uses 10 for images, 0.1 for toys."""


class R3gan(LossSettings):
    """The relativistic pairing loss with two slope penalties. Huang et al. 2024, arXiv 2501.05441."""

    loss: Literal["r3gan"]
    penalty: Positive = 1.0
    """γ, of R1 on real and R2 on generated samples."""


class Dragan(LossSettings):
    """Cross-entropy with a slope held at 1 near real samples. Kodali et al. 2017, arXiv 1705.07215."""

    loss: Literal["dragan"]
    penalty: Positive = 10.0
    """λ."""
    slope_of: Literal["probability", "logit"] = "probability"
    """Whether the slope held at 1 is that of D or of its logit."""
    perturbation: Literal["uniform", "normal"] = "uniform"
    """δ: `spread` × the batch's standard deviation × U(0, 1), or N(0, spread²)."""
    spread: Positive = 0.5
    """Of δ; in the paper 0.5."""


class OwnLoss(LossSettings):
    """A loss of your own, in a Python file."""

    loss: Literal["own"]
    """Follows from `use`."""
    use: Use
    """A file in the folder `own`, and in it a `ganstudy.losses.Loss` class or a function that returns one
    from these settings: `losses/mine.py:MyLoss`."""
    options: Options = Field(default_factory=dict)
    """What it finds as `settings.options`."""


LossEntry = Annotated[
    Plain | Smoothed | OneSided | WganClip | WganGp | R3gan | Dragan | OwnLoss, Field(discriminator="loss")
]
