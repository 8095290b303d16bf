"""Whether a discriminator trained afresh tells generated from real samples."""

from ganstudy.metrics.metric import TestMetric

METRIC = TestMetric(
    label="C2ST accuracy",
    meaning="Classifier two-sample test: the share of right answers of a discriminator trained afresh on the "
    "finished generator, on samples that neither has met. 1/2 means that it cannot tell them from real ones.",
    unit="share",
    paper="Lopez-Paz & Oquab 2017, arXiv 1610.06545",
    criterion="a fresh discriminator right at most {0:.3g} oftener than half the time",
    place=170,
    at_match=0.5,
    with_target=True,
)
