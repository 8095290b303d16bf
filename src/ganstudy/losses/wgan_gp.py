"""The Wasserstein loss, by a gradient penalty."""

from typing import Literal

from ganstudy.core.settings import Positive, Setting
from ganstudy.losses.penalties import GradientPenalty
from ganstudy.losses.wasserstein import Wasserstein


class WganGpSettings(Setting):
    """The Wasserstein critic with a gradient penalty. Gulrajani et al. 2017, arXiv 1704.00028."""

    loss: Literal["wgan_gp"]
    penalty: Positive = 10.0
    """λ; the paper uses 10 for images, 0.1 for toys."""


class WganGp(Wasserstein):
    """The gradient norm held near 1 between real and generated samples by λ (‖∇C(x̂)‖ - 1)². A constant C pays
    λ."""

    Settings = WganGpSettings
    paper = "Gulrajani et al. 2017, arXiv 1704.00028"
    has_penalty = True

    def __init__(self, settings: WganGpSettings) -> None:
        super().__init__(settings)
        self.penalty = GradientPenalty(settings.penalty)
