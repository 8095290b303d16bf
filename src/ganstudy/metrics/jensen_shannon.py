"""A lower bound on the Jensen-Shannon divergence, by the two-sample test's classifier."""

from ganstudy.metrics.metric import TestMetric

METRIC = TestMetric(
    label="JS bound",
    meaning="Lower bound on the Jensen-Shannon divergence between generated and real samples, in nats, from "
    "the same classifier's cross-entropy; at most log 2 = 0.693.",
    unit="nats",
    paper="Goodfellow et al. 2014, arXiv 1406.2661",
    criterion="a JS bound of at most {0:.3g} nats",
    place=190,
    at_match=0.0,
)
