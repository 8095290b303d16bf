"""What the Wasserstein losses share."""

from ganstudy.core.lazy import Tensor
from ganstudy.losses.loss import AtMatch, TwoTermLoss


class Wasserstein(TwoTermLoss):
    """D: C(G) - C(x), for a C whose gradient is bounded. G: -C(G). The constant of C is free, so only D's sum
    is fixed at match, at 0."""

    at_match = AtMatch(discriminator=0.0)

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return -C

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return C

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return -fake
