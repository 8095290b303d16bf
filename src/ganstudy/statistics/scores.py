"""The runs of a variant by loss and seed, as the comparison of losses takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ganstudy.metrics.registry import score_of


@dataclass(frozen=True)
class Scores:
    """One number a run, of which less is better. A seed's runs share data order and initial values across
    losses: columns are pairs."""

    losses: Sequence[str]
    metric: str
    values: NDArray[np.float64]
    """The metric's error, `[losses, seeds]`; infinite where the run diverged."""
    matched: NDArray[np.bool_]
    """`[losses, seeds]`"""
    floor: float
    """What a perfect sampler stays below; of a single point, which has none, the unit."""

    @classmethod
    def of(cls, cells: Mapping[str, Mapping[str, Any]]) -> Self:
        """From each loss's judged runs, as in reports/runs."""
        metrics = next(iter(cells.values()))["metrics"]
        metric = score_of(metrics)
        assert metric, "every variant has a mean"
        errors = [
            [run[f"{metric}_error"] if run.get(f"{metric}_error") is not None else np.inf for run in runs]
            for runs in (cell["runs"] for cell in cells.values())
        ]
        matched = [[run["outcome"] == "matched" for run in cell["runs"]] for cell in cells.values()]
        floor = metrics[metric]["floor"]
        return cls(list(cells), metric, np.array(errors, np.float64), np.array(matched), floor or 1.0)
