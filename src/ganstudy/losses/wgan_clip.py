"""The Wasserstein loss, by clipped weights."""

from typing import Literal

from ganstudy.core.settings import Positive, Setting
from ganstudy.losses.wasserstein import Wasserstein


class WganClipSettings(Setting):
    """The Wasserstein critic with clipped weights. Arjovsky et al. 2017, arXiv 1701.07875."""

    loss: Literal["wgan_clip"]
    clip: Positive = 0.01
    """c: after each update the critic's weights are clipped to [-c, c]."""


class WganClip(Wasserstein):
    """The gradient bounded by clipping every weight to [-c, c]."""

    Settings = WganClipSettings
    paper = "Arjovsky et al. 2017, arXiv 1701.07875"

    def __init__(self, settings: WganClipSettings) -> None:
        super().__init__(settings)
        self.clip = settings.clip
