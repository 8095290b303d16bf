"""What losses share in which D = sigmoid(C) is the probability that a sample is real.

-log D = softplus(-C) and -log(1 - D) = softplus(C), which stay finite where D rounds to 0 or 1.
"""

import math

from ganstudy.core.lazy import Tensor, torch
from ganstudy.losses.loss import AtMatch, Estimate, TwoTermLoss

LOG_2 = math.log(2)
EVEN = AtMatch(logit=0.0, real=LOG_2, fake=LOG_2, discriminator=2 * LOG_2, generator=LOG_2, brier=0.25)
"""At D = 1/2 each cross-entropy is log 2, whatever the labels."""


def softplus(C: Tensor) -> Tensor:
    """log(1 + e^C)."""
    return torch.nn.functional.softplus(C)


def cross_entropy(C: Tensor, label: Tensor) -> Tensor:
    """-label log D - (1 - label) log(1 - D)."""
    return torch.nn.functional.binary_cross_entropy_with_logits(C, label, reduction="none")


class CrossEntropy(TwoTermLoss):
    """D: -log D(x) - log(1 - D(G)). G: -log D(G)."""

    at_match = EVEN
    brier_of: Estimate | None = "probability"

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return softplus(-C)

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return softplus(C)

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return softplus(-fake)
