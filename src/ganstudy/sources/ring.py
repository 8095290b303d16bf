"""Gaussians on a circle."""

from typing import Literal

import numpy as np

from ganstudy.core.settings import Count, Positive
from ganstudy.core.text import counted, exact
from ganstudy.sources.mixture import Mixture
from ganstudy.sources.source import DistributionSettings, Modes


class RingSettings(DistributionSettings):
    """`modes` Gaussians of standard deviation `std`, evenly spaced on a circle."""

    name: Literal["ring"]
    modes: Count = 8
    """How many Gaussians."""
    radius: Positive = 1.0
    """Of the circle on which their centres lie."""
    std: Positive = 0.01
    """Of each, in either direction."""


class Ring(Mixture):
    """Centres evenly spaced on a circle, at angles 2πi / modes."""

    Settings = RingSettings

    def __init__(self, settings: RingSettings) -> None:
        super().__init__(settings)
        angles = 2 * np.pi * np.arange(settings.modes) / settings.modes
        centres = settings.radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        self.modes = Modes(centres.astype(np.float32), settings.std)

    def task(self) -> str:
        about = self.settings
        return (
            f"Draw from {counted(about.modes, 'normal distribution')} of standard deviation "
            f"{exact(about.std)}, evenly spaced on a circle of radius {exact(about.radius)}."
        )
