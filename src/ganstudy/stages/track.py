"""`ganstudy track`: make MLflow's store a mirror of the study."""

from ganstudy import layout
from ganstudy.params import Params
from ganstudy.results import Results, write_json
from ganstudy.tracking import mirror


def track(params: Params) -> None:
    """Bring the store up to date and write mlruns/mirrored.json, the fingerprints that it now holds."""
    write_json(layout.MIRRORED, mirror(Results.load(params)))
