"""Every kind of picture. A new one is a `Picture` in this list."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ganstudy import layout
from ganstudy.reporting.curves import LOSSES, MOMENTS
from ganstudy.reporting.distributions import DISTRIBUTION, SCATTER
from ganstudy.reporting.images import DIGITS, EVOLUTION
from ganstudy.reporting.overview import CAPTION, draw_overview
from ganstudy.reporting.picture import Drawing, Picture
from ganstudy.reporting.profiles import PROFILES
from ganstudy.reporting.style import look, write
from ganstudy.reporting.subject import Subject

PICTURES: tuple[Picture, ...] = (PROFILES, DISTRIBUTION, SCATTER, DIGITS, EVOLUTION, MOMENTS, LOSSES)
"""In the order of the page."""


@dataclass(frozen=True)
class Shown:
    """A picture in its file, with the words around it."""

    path: Path
    size: tuple[int, int]
    """Width and height in pixels."""
    title: str
    caption: str
    alt: str


def draw_variant(subject: Subject) -> list[Shown]:
    """Draw and write whichever pictures the variant's source can show."""
    shown = []
    for picture in PICTURES:
        if picture.applies(subject):
            with look():
                drawing = picture.draw(subject)
                shown.append(
                    _written(drawing, Path(subject.name) / picture.name, picture.title, picture.caption)
                )
    return shown


def draw_study(subjects: Sequence[Subject]) -> Shown:
    """Draw and write the picture of the whole study."""
    with look():
        return _written(draw_overview(subjects), Path("overview"), "Overview", CAPTION)


def _written(drawing: Drawing, place: Path, title: str, caption: str) -> Shown:
    path = (layout.FIGURES / place).with_suffix(".png")
    return Shown(path, write(drawing.figure, path), title, caption, drawing.alt)
