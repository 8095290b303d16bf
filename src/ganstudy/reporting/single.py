"""A single cell or run, as MLflow shows it with its numbers."""

from io import BytesIO

from ganstudy.core.colours import colours
from ganstudy.reporting.criteria import criteria, criteria_in_words
from ganstudy.reporting.measures import FLOOR, all_told
from ganstudy.reporting.page import fill_template
from ganstudy.reporting.picture import Subject
from ganstudy.reporting.render import PICTURES
from ganstudy.reporting.style import DPI, look
from ganstudy.results.study_results import CellResult


def run_picture(result: CellResult, replica: int) -> bytes | None:
    """What the run in a replica of the cell makes, as PNG; None if no kind of picture applies."""
    subject = Subject([result.only(replica)], colours([result.cell.loss]))
    for picture in PICTURES:
        if picture.part == "output" and picture.applies(subject):
            file = BytesIO()
            with look():
                picture.draw(subject).figure.savefig(file, dpi=1.5 * DPI, format="png")
            return file.getvalue()
    return None


def cell_page(result: CellResult) -> str:
    """A cell's findings on a page of HTML: every metric with its floor, and every seed."""
    context = {
        "name": f"{result.cell.variant} · {result.cell.loss}",
        "criteria": criteria_in_words(result),
        "entries": [(measure, measure.entry(result)) for measure in all_told(result)],
        "floor": FLOOR,
        "judged": criteria(result),
        "runs": result.judged["runs"],
    }
    return fill_template("cell.html", context)
