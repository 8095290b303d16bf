"""Real labels below 1."""

import math
from typing import Annotated, Literal

from pydantic import Field

from ganstudy.core.lazy import Tensor
from ganstudy.core.settings import Setting
from ganstudy.losses.loss import AtMatch
from ganstudy.losses.probability import CrossEntropy, softplus


class OneSidedSettings(Setting):
    """Cross-entropy with real labels below 1. Salimans et al. 2016, arXiv 1606.03498, section 3.4."""

    loss: Literal["one_sided"]
    real_label: Annotated[float, Field(gt=0, le=1)] = 0.9
    """a: the label of real samples; that of fake ones is 0."""


class OneSided(CrossEntropy):
    """Cross-entropy with the label a for real samples and 0 for fake. The optimal D at match is a/2."""

    Settings = OneSidedSettings
    paper = "Salimans et al. 2016, section 3.4, arXiv 1606.03498"

    def __init__(self, settings: OneSidedSettings) -> None:
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
