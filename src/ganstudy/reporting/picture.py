"""What a kind of picture is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from matplotlib.figure import Figure

from ganstudy.reporting.subject import Subject

Part = Literal["comparison", "training", "output"]


class Drawing(NamedTuple):
    """A figure and what it shows."""

    figure: Figure
    alt: str
    """What is to be seen, in words, for those who cannot."""


@dataclass(frozen=True)
class Picture:
    """A kind of picture that a variant may have, every loss side by side."""

    name: str
    """Of its file."""
    title: str
    caption: str
    """How to read it."""
    applies: Callable[[Subject], bool]
    draw: Callable[[Subject], Drawing]
    part: Part
    """Of the variant's section."""
    vector: bool = False
    """Whether it is small enough for SVG: a few hundred marks."""

    @property
    def suffix(self) -> str:
        """Of its file: `.svg` of line drawings, else `.png`."""
        return ".svg" if self.vector else ".png"
