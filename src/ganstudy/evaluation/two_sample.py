"""The classifier two-sample test's metrics of finished generators."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ganstudy.metrics.registry import TEST_METRICS
from ganstudy.sources.source import Samples
from ganstudy.study.evaluation import TwoSampleTest

if TYPE_CHECKING:
    from ganstudy.metrics.reference import Truth


def two_sample_metrics(
    settings: TwoSampleTest, seeds: Sequence[int], samples: Samples, truth: "Truth"
) -> list[dict[str, Any]]:
    """Of each run, from its samples `[runs, n, *shape]`: the metrics with errors and the errors' upper ends,
    the test's p-value, and how many passes it took to learn.

    Errors are what tells samples apart: chance alone has no error.
    """
    # Here and not above: whoever only reads metrics does without PyTorch.
    from ganstudy.evaluation.two_sample_test import two_sample_test

    measured = {"c2st_accuracy": "accuracy", "c2st_brier": "brier", "jensen_shannon": "jensen_shannon"}
    return [
        {
            **{
                key: value
                for name, attribute in measured.items()
                for key, value in getattr(found, attribute)
                .with_error_bound(TEST_METRICS[name].at_match, name)
                .items()
            },
            "c2st_p_value": found.p_value,
            "c2st_passes": found.passes,
        }
        for found in two_sample_test(settings, seeds, samples, truth)
    ]
