"""The relativistic loss with R1 and R2."""

from typing import Literal

from ganstudy.core.settings import Positive, Setting
from ganstudy.losses.penalties import R1R2
from ganstudy.losses.relativistic import Relativistic


class R3ganSettings(Setting):
    """The relativistic pairing loss with two gradient penalties. Huang et al. 2024, arXiv 2501.05441."""

    loss: Literal["r3gan"]
    penalty: Positive = 1.0
    """γ, of R1 on real and R2 on generated samples."""


class R3gan(Relativistic):
    """`relativistic` with γ/2 ‖∇C‖² on real and on generated samples, which makes it converge locally."""

    Settings = R3ganSettings
    paper = "Huang et al. 2024, arXiv 2501.05441"
    has_penalty = True

    def __init__(self, settings: R3ganSettings) -> None:
        super().__init__(settings)
        self.penalty = R1R2(settings.penalty)
