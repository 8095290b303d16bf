"""`ganstudy track`: make MLflow's store a mirror of the study."""

from ganstudy.core.files import write_json
from ganstudy.results import paths
from ganstudy.results.study_results import CellResult, Results
from ganstudy.study.params import Params
from ganstudy.tracking.making import Presentation
from ganstudy.tracking.mirror import mirror


def track(params: Params) -> None:
    """Bring the store up to date and write mlruns/mirrored.json, the fingerprints that it now holds."""
    write_json(paths.MIRRORED, mirror(Results.load(params), Presentation(page, picture)))


# Imported when something is to be shown: matplotlib takes half a second, and most often nothing is missing.


def page(result: CellResult) -> str:
    """A cell's findings."""
    from ganstudy.reporting.cell import cell_page

    return cell_page(result)


def picture(result: CellResult, replica: int) -> bytes | None:
    """What one of its runs makes."""
    from ganstudy.reporting.render import run_picture

    return run_picture(result, replica)
