"""How well the two-sample test's classifier estimates that a sample is real."""

from ganstudy.metrics.metric import Shown, TestMetric, Threshold

METRIC = TestMetric(
    label="C2ST Brier score",
    meaning="Mean squared error of the same classifier's estimate that a sample is real.",
    unit="squared probability",
    paper="Brier 1950",
    place=180,
    at_match=0.25,
    threshold=Threshold.NONE,
    shown=Shown.NEVER,
)
