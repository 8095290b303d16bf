"""`ganstudy classify VARIANT`: a classifier of the variant's images, for what they are judged by."""

from ganstudy import layout
from ganstudy.evaluation.classifier import Classifier, describe, unclassifiable
from ganstudy.params import Params
from ganstudy.sources import Prepared


def classify(params: Params, variant: str) -> None:
    """Write data/classifiers/VARIANT: a classifier, or why there is none."""
    prepared, folder = Prepared.load(layout.prepared(variant)), layout.classifier(variant)
    if reason := unclassifiable(prepared):
        describe(folder, reason=reason)
    else:
        Classifier.of(prepared).save(folder)
