"""`ganstudy prepare VARIANT`: the variant's real data."""

from typing import TYPE_CHECKING

from ganstudy.results import paths
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source

if TYPE_CHECKING:
    from ganstudy.study.params import Params


def prepare(params: "Params", variant: str) -> None:
    """Write data/prepared/VARIANT."""
    source = make_source(params.variants[variant].source)
    Prepared.of(source).save(paths.prepared(variant))
