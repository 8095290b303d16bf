"""How often a classifier tells generated from real samples."""

from ganstudy.metrics.metric import TestMetric

METRIC = TestMetric(
    label="C2ST accuracy",
    meaning="Classifier two-sample test: the accuracy of a classifier trained to tell the finished "
    "generator's samples from real ones, on samples that it was not trained on. At match it is 1/2.",
    unit="share",
    paper="Lopez-Paz & Oquab 2017, arXiv 1610.06545",
    criterion="a C2ST accuracy at most {0:.3g} above 1/2",
    place=170,
    at_match=0.5,
    with_target=True,
)
