"""The report as a whole, and a picture of a single run."""

import shutil
from dataclasses import replace
from io import BytesIO

from ganstudy.core.colours import colours
from ganstudy.reporting.page import ShownPicture, fill_template, make_context
from ganstudy.reporting.picture import Subject
from ganstudy.reporting.pictures.curves import write_curves
from ganstudy.reporting.pictures.distances import CAPTION, draw_overview
from ganstudy.reporting.pictures.registry import PICTURES
from ganstudy.reporting.style import DPI, look, write
from ganstudy.results import paths
from ganstudy.results.study_results import CellResult, Results


def render(results: Results) -> None:
    """Write reports/curves, reports/figures, reports/index.html and reports/summary.md: same results, same
    bytes."""
    for folder in (paths.CURVES, paths.FIGURES):
        shutil.rmtree(folder, ignore_errors=True)
    palette = colours(list(results.params.losses))
    subjects = [
        # Cells of their own: arrays once read stay with them, and are dropped with the variant.
        Subject([replace(cell) for cell in results.of_variant(name)], palette)
        for name in results.params.variants
    ]
    pictures = {}
    with look():
        figure, alt = draw_overview(subjects)
        size = write(figure, paths.OVERVIEW)
        overview = ShownPicture(paths.OVERVIEW, size, "Overview", CAPTION, alt)
        while subjects:
            subject = subjects.pop(0)
            pictures[subject.name] = draw_variant(subject)
            write_curves(subject)
    context = make_context(results, overview, pictures)
    paths.PAGE.write_text(fill_template("page.html", context), encoding="utf-8")
    paths.SUMMARY.write_text(fill_template("summary.md", context), encoding="utf-8")


def draw_variant(subject: Subject) -> list[ShownPicture]:
    """Draw and write whichever pictures the variant's source can show."""
    shown = []
    for picture in PICTURES:
        if picture.applies(subject):
            path = paths.FIGURES / subject.name / f"{picture.name}{picture.suffix}"
            figure, alt = picture.draw(subject)
            size = write(figure, path)
            shown.append(ShownPicture(path, size, picture.title, picture.caption, alt, picture.part))
    return shown


def run_picture(result: CellResult, replica: int) -> bytes | None:
    """What the run in a replica of the cell makes, as PNG; None if no kind of picture applies."""
    subject = Subject([result.only(replica)], colours([result.cell.loss]))
    for picture in PICTURES:
        if picture.part == "output" and picture.applies(subject):
            file = BytesIO()
            with look():
                figure, _ = picture.draw(subject)
                figure.savefig(file, dpi=1.5 * DPI)
            return file.getvalue()
    return None
