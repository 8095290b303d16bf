"""`ganstudy classify VARIANT`: a classifier of the variant's images, for what they are judged by."""

from typing import TYPE_CHECKING

from ganstudy.metrics.classifier import Classifier, describe, unclassifiable
from ganstudy.results import paths
from ganstudy.sources.prepared import Prepared

if TYPE_CHECKING:
    from ganstudy.study.params import Params


def classify(params: "Params", variant: str) -> None:
    """Write data/classifiers/VARIANT: a classifier, or why there is none."""
    prepared, folder = Prepared.load(paths.prepared(variant)), paths.classifier(variant)
    if reason := unclassifiable(prepared):
        describe(folder, reason=reason)
    else:
        Classifier.of(prepared).save(folder)
