"""Least squares on the probability."""

from typing import Literal

from ganstudy.core.lazy import Tensor
from ganstudy.core.settings import Setting
from ganstudy.losses.loss import AtMatch, TwoTermLoss


class MseSettings(Setting):
    """Least squares on D, the sigmoid's output."""

    loss: Literal["mse"]


class Mse(TwoTermLoss):
    """D: (D(x) - 1)² + D(G)². G: (D(G) - 1)². At D = 1/2 each is 0.25."""

    Settings = MseSettings
    paper = "least squares on the sigmoid's output, of which the best known form is `lsgan`"
    at_match = AtMatch(logit=0.0, real=0.25, fake=0.25, discriminator=0.5, generator=0.25, brier=0.25)
    brier_of = "probability"

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return (C.sigmoid() - 1).square()

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return C.sigmoid().square()

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return (fake.sigmoid() - 1).square()
