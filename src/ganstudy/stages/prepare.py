"""`ganstudy prepare VARIANT`: the variant's real data."""

from ganstudy import layout
from ganstudy.params import Params
from ganstudy.sources import Prepared, make_source


def prepare(params: Params, variant: str) -> None:
    """Write data/prepared/VARIANT."""
    source = make_source(params.variants[variant].source)
    Prepared.of(source).save(layout.prepared(variant))
