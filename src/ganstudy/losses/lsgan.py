"""Least squares on the score."""

from typing import Literal

from ganstudy.core.lazy import Tensor
from ganstudy.core.settings import Setting
from ganstudy.losses.loss import AtMatch, TwoTermLoss


class LsganSettings(Setting):
    """Least squares on the score C. Mao et al. 2016, arXiv 1611.04076."""

    loss: Literal["lsgan"]


class Lsgan(TwoTermLoss):
    """D: ½ (C(x) - 1)² + ½ C(G)². G: ½ (C(G) - 1)²."""

    Settings = LsganSettings
    paper = "Mao et al. 2016, equation 9, arXiv 1611.04076"
    at_match = AtMatch(logit=0.5, real=0.125, fake=0.125, discriminator=0.25, generator=0.125, brier=0.25)
    brier_of = "score"

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return 0.5 * (C - 1).square()

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return 0.5 * C.square()

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return 0.5 * (fake - 1).square()
