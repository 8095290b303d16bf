"""Losses on the score C itself."""

from typing import Any

from torch import Tensor
from torch.nn.functional import relu

from ganstudy.losses.loss import AtMatch, TwoTermLoss
from ganstudy.losses.penalties import UnitSlope


class Lsgan(TwoTermLoss):
    """D: ½ (C(x) - 1)² + ½ C(G)². G: ½ (C(G) - 1)²."""

    paper = "Mao et al. 2016, equation 9, arXiv 1611.04076"
    at_match = AtMatch(logit=0.5, real=0.125, fake=0.125, discriminator=0.25, generator=0.125, brier=0.25)
    brier_of = "score"

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return 0.5 * (C - 1).square()

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return 0.5 * C.square()

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return 0.5 * (fake - 1).square()


class Wasserstein(TwoTermLoss):
    """D: C(G) - C(x), for a C of bounded slope. G: -C(G). The constant of C is free, so only D's sum is
    fixed at match, at 0."""

    at_match = AtMatch(discriminator=0.0)

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return -C

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return C

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return -fake


class WganClip(Wasserstein):
    """The slope bounded by clipping every weight to [-c, c]."""

    paper = "Arjovsky et al. 2017, arXiv 1701.07875"

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.clip = settings.clip


class WganGp(Wasserstein):
    """The slope held near 1 between real and generated samples by λ (‖∇C(x̂)‖ - 1)². A constant C pays λ."""

    paper = "Gulrajani et al. 2017, arXiv 1704.00028"

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.penalty = UnitSlope(settings.penalty)


class Hinge(TwoTermLoss):
    """D: max(0, 1 - C(x)) + max(0, 1 + C(G)). G: -C(G). At match any constant C in [-1, 1] is optimal."""

    paper = "Lim & Ye 2017, arXiv 1705.02894; Miyato et al. 2018, arXiv 1802.05957"
    at_match = AtMatch(discriminator=2.0)

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return relu(1 - C)

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return relu(1 + C)

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return -fake
