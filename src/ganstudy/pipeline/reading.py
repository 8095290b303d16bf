"""What several stages read."""

from typing import TYPE_CHECKING

from ganstudy.metrics.classifier import Classifier
from ganstudy.metrics.reference import Truth
from ganstudy.results import paths
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source

if TYPE_CHECKING:
    from ganstudy.study.params import Params


def load_truth(params: "Params", variant: str) -> Truth:
    """What the variant's generators are compared with."""
    return Truth.of(
        make_source(params.variants[variant].source),
        Prepared.load(paths.prepared(variant)),
        Classifier.load(paths.classifier(variant)),
    )
