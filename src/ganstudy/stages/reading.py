"""What several stages read."""

from ganstudy import layout
from ganstudy.evaluation import Truth
from ganstudy.evaluation.classifier import Classifier
from ganstudy.params import Params
from ganstudy.sources import Prepared, make_source


def load_truth(params: Params, variant: str) -> Truth:
    """What the variant's generators are compared with."""
    return Truth.of(
        make_source(params.variants[variant].source),
        Prepared.load(layout.prepared(variant)),
        Classifier.load(layout.classifier(variant)),
    )
