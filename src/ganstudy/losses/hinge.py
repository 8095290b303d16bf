"""The hinge loss."""

from typing import Literal

from ganstudy.core.lazy import Tensor, torch
from ganstudy.core.settings import Setting
from ganstudy.losses.loss import AtMatch, TwoTermLoss


class HingeSettings(Setting):
    """Margins of 1 on either side. Lim & Ye 2017, arXiv 1705.02894; Miyato et al. 2018, arXiv 1802.05957."""

    loss: Literal["hinge"]


class Hinge(TwoTermLoss):
    """D: max(0, 1 - C(x)) + max(0, 1 + C(G)). G: -C(G). At match any constant C in [-1, 1] is optimal."""

    Settings = HingeSettings
    paper = "Lim & Ye 2017, arXiv 1705.02894; Miyato et al. 2018, arXiv 1802.05957"
    at_match = AtMatch(discriminator=2.0)

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return torch.nn.functional.relu(1 - C)

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return torch.nn.functional.relu(1 + C)

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return -fake
