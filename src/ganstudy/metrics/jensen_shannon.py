"""How far apart the distributions are at least, by a discriminator trained afresh."""

from ganstudy.metrics.metric import TestMetric

METRIC = TestMetric(
    label="JS bound",
    meaning="Lower bound on the Jensen-Shannon divergence between generated and real samples, in nats, from "
    "the same discriminator's cross-entropy; at most log 2 = 0.693.",
    unit="nats",
    paper="Goodfellow et al. 2014, arXiv 1406.2661",
    criterion="at most {0:.3g} nats proved by a fresh discriminator",
    place=190,
    at_match=0.0,
)
