"""What discriminators trained afresh say of finished generators, as figures."""

from collections.abc import Callable, Sequence
from typing import Any

from ganstudy.evaluation.truth import Truth
from ganstudy.params.evaluation import Probe
from ganstudy.sources.source import Samples

FRESH: dict[str, Callable[[Truth], float]] = {
    "fresh_accuracy": lambda truth: 0.5,
    "fresh_brier": lambda truth: 0.25,
    "jensen_shannon": lambda truth: 0.0,
}
"""Each with its value at match. Errors are what tells samples apart: chance alone has no error."""


def fresh_figures(
    settings: Probe, seeds: Sequence[int], samples: Samples, truth: Truth
) -> list[dict[str, Any]]:
    """Of each run, from its samples `[runs, n, dims]`: the figures with errors and the errors' upper ends,
    the test's p-value, and how many passes it took to learn."""
    # Here and not above: whoever only reads figures does without PyTorch.
    from ganstudy.evaluation.probe import probe

    return [
        {
            **found.accuracy.beside(0.5, "fresh_accuracy"),
            **found.brier.beside(0.25, "fresh_brier"),
            **found.jensen_shannon.beside(0.0, "jensen_shannon"),
            "fresh_p_value": found.p_value,
            "fresh_passes": found.passes,
        }
        for found in probe(settings, seeds, samples, truth)
    ]
