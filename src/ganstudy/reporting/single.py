"""A single cell or run, as MLflow shows it with its numbers."""

from io import BytesIO

from ganstudy.core.colours import colours
from ganstudy.reporting.criteria import criteria, criteria_in_words
from ganstudy.reporting.distributions import HISTOGRAMS, SCATTER
from ganstudy.reporting.images import EVOLUTION, IMAGE_SHEETS
from ganstudy.reporting.measures import FLOOR, all_told
from ganstudy.reporting.page import html_template
from ganstudy.reporting.style import DPI, look
from ganstudy.reporting.subject import Subject
from ganstudy.results.study_results import CellResult

OUTPUT_PICTURES = (HISTOGRAMS, SCATTER, IMAGE_SHEETS, EVOLUTION)
"""Pictures of what generators make."""


def run_picture(result: CellResult, replica: int) -> bytes | None:
    """What the run in a replica of the cell makes, as PNG; None if no kind of picture applies."""
    alone = result.only(replica)
    cell = result.cell
    subject = Subject(cell.variant, cell.recipe, [alone], colours([cell.loss]), {})
    for picture in OUTPUT_PICTURES:
        if picture.applies(subject):
            file = BytesIO()
            with look():
                picture.draw(subject).figure.savefig(file, dpi=1.5 * DPI, format="png")
            return file.getvalue()
    return None


def cell_page(result: CellResult) -> str:
    """A cell's findings on a page of HTML: every metric with its floor, and every seed."""
    return html_template("cell.html").render(
        name=f"{result.cell.variant} · {result.cell.loss}",
        criteria=criteria_in_words(result),
        entries=[(measure, measure.entry(result)) for measure in all_told(result)],
        floor=FLOOR,
        judged=criteria(result),
        runs=result.judged["runs"],
    )
