"""Gaussians on a square grid."""

from typing import Literal

import numpy as np

from ganstudy.core.settings import Count, Positive
from ganstudy.core.text import exact
from ganstudy.sources.mixture import Mixture
from ganstudy.sources.source import DistributionSettings, Modes


class GridSettings(DistributionSettings):
    """`side` × `side` Gaussians of standard deviation `std`, `spacing` apart, centred on the origin."""

    name: Literal["grid"]
    side: Count = 5
    """Gaussians in a row, and rows."""
    spacing: Positive = 2.0
    """From one centre to the next."""
    std: Positive = 0.05
    """Of each, in either direction."""


class Grid(Mixture):
    """Centres on a square grid around the origin."""

    Settings = GridSettings

    def __init__(self, settings: GridSettings) -> None:
        super().__init__(settings)
        line = settings.spacing * (np.arange(settings.side) - (settings.side - 1) / 2)
        centres = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2).astype(np.float32)
        self.modes = Modes(centres, settings.std)

    def task(self) -> str:
        about = self.settings
        return (
            f"Draw from {about.side} × {about.side} normal distributions of standard deviation "
            f"{exact(about.std)} in the plane, {exact(about.spacing)} apart."
        )
