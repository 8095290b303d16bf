"""A loss on the difference between a real and a generated sample's score."""

from typing import Any, ClassVar, Literal

from ganstudy.core.lazy import Tensor
from ganstudy.core.settings import Setting
from ganstudy.losses.loss import AtMatch, Loss
from ganstudy.losses.probability import LOG_2, softplus


class RelativisticSettings(Setting):
    """Scores compared in pairs. Jolicoeur-Martineau 2018, arXiv 1807.00734."""

    loss: Literal["relativistic"]


class Relativistic(Loss):
    """D: softplus(C(G) - C(x)). G: softplus(C(x) - C(G)). Each real example is paired with one generated."""

    Settings: ClassVar[type[Any]] = RelativisticSettings
    paper = "Jolicoeur-Martineau 2018, arXiv 1807.00734"
    at_match = AtMatch(discriminator=LOG_2, generator=LOG_2)

    def discriminator(self, real: Tensor, fake: Tensor, u: tuple[Tensor, Tensor]) -> Tensor:
        return softplus(fake - real)

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        assert real is not None
        return softplus(real - fake)
