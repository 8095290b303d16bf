"""Losses on the difference between a real and a generated sample's score."""

from typing import Any

from torch import Tensor
from torch.nn.functional import softplus

from ganstudy.losses.loss import AtMatch, Loss
from ganstudy.losses.penalties import ZeroSlope
from ganstudy.losses.probability import LOG_2


class Relativistic(Loss):
    """D: softplus(C(G) - C(x)). G: softplus(C(x) - C(G)). Each real example is paired with one generated."""

    paper = "Jolicoeur-Martineau 2018, arXiv 1807.00734"
    at_match = AtMatch(discriminator=LOG_2, generator=LOG_2)

    def discriminator(self, real: Tensor, fake: Tensor, u: tuple[Tensor, Tensor]) -> Tensor:
        return softplus(fake - real)

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        assert real is not None
        return softplus(real - fake)


class R3gan(Relativistic):
    """`relativistic` with γ/2 ‖∇C‖² on real and on generated samples, which makes it converge locally."""

    paper = "Huang et al. 2024, arXiv 2501.05441"

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.penalty = ZeroSlope(settings.penalty)
