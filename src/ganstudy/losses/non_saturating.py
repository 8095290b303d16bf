"""The non-saturating loss, with which GANs were first trained in practice."""

from typing import Literal

from ganstudy.core.settings import Setting
from ganstudy.losses.probability import CrossEntropy


class NonSaturatingSettings(Setting):
    """-log D for the generator. Goodfellow et al. 2014, section 3, arXiv 1406.2661."""

    loss: Literal["non_saturating"]


class NonSaturating(CrossEntropy):
    """D: -log D(x) - log(1 - D(G)). G: -log D(G), with the same fixed point as `minimax` and a gradient that
    is strong where the discriminator is sure: -(1 - D) with respect to the logit of a fake."""

    Settings = NonSaturatingSettings
    paper = "Goodfellow et al. 2014, section 3, arXiv 1406.2661"
