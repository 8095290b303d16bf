"""Losses in which D = sigmoid(C) is the probability that a sample is real.

-log D = softplus(-C) and -log(1 - D) = softplus(C), which stay finite where D rounds to 0 or 1.
"""

import math
from typing import Any

from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from ganstudy.losses.loss import AtMatch, TwoTermLoss
from ganstudy.losses.penalties import UnitSlopeNearData

LOG_2 = math.log(2)
EVEN = AtMatch(logit=0.0, real=LOG_2, fake=LOG_2, discriminator=2 * LOG_2, generator=LOG_2, brier=0.25)
"""At D = 1/2 each cross-entropy is log 2, whatever the labels."""


def cross_entropy(C: Tensor, label: Tensor) -> Tensor:
    """-label log D - (1 - label) log(1 - D)."""
    return binary_cross_entropy_with_logits(C, label, reduction="none")


class NonSaturating(TwoTermLoss):
    """D: -log D(x) - log(1 - D(G)). G: -log D(G), with the same fixed point as `minimax` and a gradient that
    is strong where the discriminator is sure: -(1 - D) with respect to the logit of a fake."""

    paper = "Goodfellow et al. 2014, section 3, arXiv 1406.2661"
    at_match = EVEN
    brier_of: str | None = "probability"

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return softplus(-C)

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return softplus(C)

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return softplus(-fake)


class Minimax(NonSaturating):
    """D: -log D(x) - log(1 - D(G)). G: log(1 - D(G)), the negative of D's own; its gradient with respect to
    the logit of a fake is -D, which vanishes where the discriminator is sure (it saturates)."""

    paper = "Goodfellow et al. 2014, arXiv 1406.2661"
    at_match = EVEN._replace(generator=-LOG_2)

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return -softplus(fake)


class Smoothed(TwoTermLoss):
    """Cross-entropy with labels U(1 - s, 1) for real and U(0, s) for fake; G: label U(1 - s, 1)."""

    paper = "two-sided label smoothing with noise; Salimans et al. 2016, section 3.4, arXiv 1606.03498"
    at_match = EVEN
    brier_of = "probability"

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.s = settings.smoothing
        self.label_noise = settings.labels

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return cross_entropy(C, 1 - self.s * u)

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return cross_entropy(C, self.s * u)

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return cross_entropy(fake, 1 - self.s * u)


class OneSided(NonSaturating):
    """Cross-entropy with the label a for real samples and 0 for fake. The optimal D at match is a/2."""

    paper = "Salimans et al. 2016, section 3.4, arXiv 1606.03498"

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.a = a = settings.real_label
        d = a / 2
        real, fake = -a * math.log(d) - (1 - a) * math.log(1 - d), -math.log(1 - d)
        self.at_match = AtMatch(
            logit=math.log(d / (1 - d)),
            real=real,
            fake=fake,
            discriminator=real + fake,
            generator=-math.log(d),
            brier=((1 - d) ** 2 + d**2) / 2,
        )

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        loss: Tensor = self.a * softplus(-C) + (1 - self.a) * softplus(C)
        return loss


class Mse(TwoTermLoss):
    """D: (D(x) - 1)² + D(G)². G: (D(G) - 1)². At D = 1/2 each is 0.25."""

    paper = "least squares on the sigmoid's output, of which the best known form is `lsgan`"
    at_match = AtMatch(logit=0.0, real=0.25, fake=0.25, discriminator=0.5, generator=0.25, brier=0.25)
    brier_of = "probability"

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return (C.sigmoid() - 1).square()

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return C.sigmoid().square()

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return (fake.sigmoid() - 1).square()


class Dragan(NonSaturating):
    """`non_saturating` with λ (‖∇D(x + δ)‖ - 1)² around real samples. The penalty moves the optimum, so no
    value at match is fixed; a constant D = 1/2 pays 2 log 2 + λ."""

    paper = "Kodali et al. 2017, arXiv 1705.07215"
    at_match = AtMatch()
    brier_of = None

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.penalty = UnitSlopeNearData(
            settings.penalty,
            of_logit=settings.slope_of == "logit",
            uniform=settings.perturbation == "uniform",
            spread=settings.spread,
        )
