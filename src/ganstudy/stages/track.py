"""`ganstudy track`: make MLflow's store a mirror of the study."""

from ganstudy import layout
from ganstudy.params import Params
from ganstudy.results import CellResult, Results, write_json
from ganstudy.tracking import Shown, mirror


def track(params: Params) -> None:
    """Bring the store up to date and write mlruns/mirrored.json, the fingerprints that it now holds."""
    write_json(layout.MIRRORED, mirror(Results.load(params), Shown(page, picture)))


# Imported when something is to be shown: matplotlib takes half a second, and most often nothing is missing.


def page(result: CellResult) -> str:
    """A cell's findings."""
    from ganstudy.reporting.single import cell_page

    return cell_page(result)


def picture(result: CellResult, lane: int) -> bytes | None:
    """What one of its runs makes."""
    from ganstudy.reporting.single import run_picture

    return run_picture(result, lane)
