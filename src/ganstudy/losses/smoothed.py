"""Labels drawn near 1 and 0."""

from typing import Annotated, Literal

from pydantic import Field

from ganstudy.core.lazy import Tensor
from ganstudy.core.settings import Setting
from ganstudy.losses.loss import TwoTermLoss
from ganstudy.losses.probability import EVEN, cross_entropy


class SmoothedSettings(Setting):
    """Cross-entropy with labels drawn near 1 and 0. Salimans et al. 2016, arXiv 1606.03498, section 3.4."""

    loss: Literal["smoothed"]
    smoothing: Annotated[float, Field(ge=0, le=1)] = 0.2
    """s: real labels are U(1 - s, 1), fake ones U(0, s)."""
    labels: Literal["per_batch", "fixed"] = "per_batch"
    """Drawn anew for each batch, or once and then used in every batch."""


class Smoothed(TwoTermLoss):
    """Cross-entropy with labels U(1 - s, 1) for real and U(0, s) for fake; G: label U(1 - s, 1)."""

    Settings = SmoothedSettings
    paper = "two-sided label smoothing with noise; Salimans et al. 2016, section 3.4, arXiv 1606.03498"
    at_match = EVEN
    brier_of = "probability"

    def __init__(self, settings: SmoothedSettings) -> None:
        super().__init__(settings)
        self.s = settings.smoothing
        self.label_noise = settings.labels

    def real(self, C: Tensor, u: Tensor) -> Tensor:
        return cross_entropy(C, 1 - self.s * u)

    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        return cross_entropy(C, self.s * u)

    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        return cross_entropy(fake, 1 - self.s * u)
