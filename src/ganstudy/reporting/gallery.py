"""Every kind of picture. A new one is a `Picture` in this list."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ganstudy.reporting.curves import LOSSES, MOMENTS
from ganstudy.reporting.distributions import DISTRIBUTION, SCATTER
from ganstudy.reporting.images import DIGITS, EVOLUTION
from ganstudy.reporting.overview import CAPTION, draw_overview
from ganstudy.reporting.picture import Part, Picture
from ganstudy.reporting.profiles import PROFILES
from ganstudy.reporting.quantiles import QUANTILES
from ganstudy.reporting.style import look, write
from ganstudy.reporting.subject import Subject
from ganstudy.results import paths

PICTURES: tuple[Picture, ...] = (
    PROFILES,
    MOMENTS,
    LOSSES,
    DISTRIBUTION,
    QUANTILES,
    SCATTER,
    DIGITS,
    EVOLUTION,
)
"""In the order of the page."""


@dataclass(frozen=True)
class Shown:
    """A picture in its file, with the words around it."""

    path: Path
    size: tuple[int, int]
    """Width and height at which it is shown, in pixels."""
    title: str
    caption: str
    alt: str
    part: Part | None = None


def draw_variant(subject: Subject) -> list[Shown]:
    """Draw and write whichever pictures the variant's source can show."""
    shown = []
    for picture in PICTURES:
        if picture.applies(subject):
            path = paths.FIGURES / subject.name / f"{picture.name}{picture.suffix}"
            with look():
                drawing = picture.draw(subject)
                size = write(drawing.figure, path)
            shown.append(Shown(path, size, picture.title, picture.caption, drawing.alt, picture.part))
    return shown


def draw_study(subjects: Sequence[Subject]) -> Shown:
    """Draw and write the picture of the whole study."""
    with look():
        drawing = draw_overview(subjects)
        return Shown(paths.OVERVIEW, write(drawing.figure, paths.OVERVIEW), "Overview", CAPTION, drawing.alt)
