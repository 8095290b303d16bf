"""Cross-entropy with a gradient penalty near the data."""

from typing import Literal

from ganstudy.core.settings import Positive, Setting
from ganstudy.losses.loss import AtMatch
from ganstudy.losses.penalties import DraganPenalty
from ganstudy.losses.probability import CrossEntropy


class DraganSettings(Setting):
    """Cross-entropy, the gradient norm held at 1 near real samples. Kodali et al. 2017, arXiv 1705.07215."""

    loss: Literal["dragan"]
    penalty: Positive = 10.0
    """λ."""
    slope_of: Literal["probability", "logit"] = "probability"
    """Whether the gradient norm held at 1 is that of D or of its logit."""
    perturbation: Literal["uniform", "normal"] = "uniform"
    """δ: `spread` × the batch's standard deviation × U(0, 1), or N(0, spread²)."""
    spread: Positive = 0.5
    """Of δ; in the paper 0.5."""


class Dragan(CrossEntropy):
    """`non_saturating` with λ (‖∇D(x + δ)‖ - 1)² around real samples. The penalty moves the optimum, so no
    value at match is fixed; a constant D = 1/2 pays 2 log 2 + λ."""

    Settings = DraganSettings
    paper = "Kodali et al. 2017, arXiv 1705.07215"
    at_match = AtMatch()
    brier_of = None
    has_penalty = True

    def __init__(self, settings: DraganSettings) -> None:
        super().__init__(settings)
        self.penalty = DraganPenalty(
            settings.penalty,
            of_logit=settings.slope_of == "logit",
            uniform=settings.perturbation == "uniform",
            spread=settings.spread,
        )
