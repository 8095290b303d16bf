"""The minimax loss, by which GANs were defined."""

from typing import Literal

from ganstudy.core.lazy import Tensor
from ganstudy.core.settings import Setting
from ganstudy.losses.probability import EVEN, LOG_2, CrossEntropy, softplus


class MinimaxSettings(Setting):
    """log(1 - D) for the generator. Goodfellow et al. 2014, arXiv 1406.2661."""

    loss: Literal["minimax"]


class Minimax(CrossEntropy):
    """D: -log D(x) - log(1 - D(G)). G: log(1 - D(G)), the negative of D's own; its gradient with respect to
    the logit of a fake is -D, which vanishes where the discriminator is sure (it saturates)."""

    Settings = MinimaxSettings
    paper = "Goodfellow et al. 2014, arXiv 1406.2661"
    at_match = EVEN._replace(generator=-LOG_2)

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return -softplus(fake)
