"""Every kind of picture. A new one is a `Picture` in this list."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ganstudy.reporting.curves import LOSS_CURVES, MOMENT_CURVES
from ganstudy.reporting.distributions import HISTOGRAMS, SCATTER
from ganstudy.reporting.images import EVOLUTION, IMAGE_SHEETS
from ganstudy.reporting.overview import CAPTION, draw_overview
from ganstudy.reporting.picture import Part, Picture
from ganstudy.reporting.profiles import PROFILES
from ganstudy.reporting.quantiles import QUANTILES
from ganstudy.reporting.style import look, write
from ganstudy.reporting.subject import Subject
from ganstudy.results import paths

PICTURES: tuple[Picture, ...] = (
    PROFILES,
    MOMENT_CURVES,
    LOSS_CURVES,
    HISTOGRAMS,
    QUANTILES,
    SCATTER,
    IMAGE_SHEETS,
    EVOLUTION,
)
"""In the order of the page."""


@dataclass(frozen=True)
class ShownPicture:
    """A picture in its file, with the words around it."""

    path: Path
    size: tuple[int, int]
    """Width and height at which it is shown, in pixels."""
    title: str
    caption: str
    alt: str
    part: Part | None = None


def draw_variant(subject: Subject) -> list[ShownPicture]:
    """Draw and write whichever pictures the variant's source can show."""
    shown = []
    for picture in PICTURES:
        if picture.applies(subject):
            path = paths.FIGURES / subject.name / f"{picture.name}{picture.suffix}"
            with look():
                drawing = picture.draw(subject)
                size = write(drawing.figure, path)
            shown.append(ShownPicture(path, size, picture.title, picture.caption, drawing.alt, picture.part))
    return shown


def draw_study(subjects: Sequence[Subject]) -> ShownPicture:
    """Draw and write the picture of the whole study."""
    with look():
        drawing = draw_overview(subjects)
        return ShownPicture(
            paths.OVERVIEW, write(drawing.figure, paths.OVERVIEW), "Overview", CAPTION, drawing.alt
        )
