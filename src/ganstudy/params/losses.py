"""An entry under `losses:`: which loss, its own options, and what it overrides in every recipe."""

from typing import Annotated, Literal

from pydantic import Field

from ganstudy.params.recipe import Optimizer
from ganstudy.params.setting import Count, Positive, Setting


class LossSettings(Setting):
    """What any entry may say. Overrides replace the recipe's value in every variant; reports list them."""

    optimizer: Optimizer | None = None
    generator_optimizer: Optimizer | None = None
    steps: Count | None = None
    discriminator_steps: Count | None = None
    generator_steps: Count | None = None


class Plain(LossSettings):
    """Losses without options."""

    loss: Literal["minimax", "non_saturating", "mse", "lsgan", "hinge", "relativistic"]


class Smoothed(LossSettings):
    loss: Literal["smoothed"]
    smoothing: Annotated[float, Field(ge=0, le=1)] = 0.2
    """s: real labels are U(1 - s, 1), fake ones U(0, s)."""
    labels: Literal["per_batch", "fixed"] = "per_batch"
    """Drawn anew for each batch, or once and then used in every batch."""


class OneSided(LossSettings):
    loss: Literal["one_sided"]
    real_label: Annotated[float, Field(gt=0, le=1)] = 0.9


class WganClip(LossSettings):
    loss: Literal["wgan_clip"]
    clip: Positive = 0.01
    """c: after each update the critic's weights are clipped to [-c, c]."""


class WganGp(LossSettings):
    loss: Literal["wgan_gp"]
    penalty: Positive = 10.0
    """λ; the paper uses 10 for images, 0.1 for toys."""


class R3gan(LossSettings):
    loss: Literal["r3gan"]
    penalty: Positive = 1.0
    """γ, of R1 on real and R2 on generated samples."""


class Dragan(LossSettings):
    loss: Literal["dragan"]
    penalty: Positive = 10.0
    """λ."""
    slope_of: Literal["probability", "logit"] = "probability"
    """Whether the slope held at 1 is that of D or of its logit."""
    perturbation: Literal["uniform", "normal"] = "uniform"
    """δ: `spread` × the batch's standard deviation × U(0, 1), or N(0, spread²)."""
    spread: Positive = 0.5


LossEntry = Annotated[
    Plain | Smoothed | OneSided | WganClip | WganGp | R3gan | Dragan, Field(discriminator="loss")
]
