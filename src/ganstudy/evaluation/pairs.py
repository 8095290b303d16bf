"""Is one loss better than another? Pairs of losses within a variant, seed by seed."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ganstudy.evaluation.scores import Scores
from ganstudy.statistics import interval, resampled, wilson

LEVEL = 0.05
"""The probability of finding any difference in a variant where there is none."""


def compare_pairs(scores: Scores) -> list[dict[str, Any]]:
    """Every pair of the variant's losses: how probably the first improves on the second under the same seed,
    by how much, and the p-value of there being no difference, corrected for the number of pairs."""
    pairs = [
        {
            "losses": [scores.losses[i], scores.losses[j]],
            **compare_two(scores.values[i], scores.values[j], scores.floor),
        }
        for i, j in combinations(range(len(scores.losses)), 2)
    ]
    for pair, p in zip(pairs, holm([pair["p_value"] for pair in pairs]), strict=True):
        pair["p_value_holm"] = p
    return pairs


def compare_two(a: NDArray[np.float64], b: NDArray[np.float64], floor: float) -> dict[str, Any]:
    """Scores of the same seeds under two losses, `[seeds]` each, of which less is better.

    `improvement` is the share of seeds whose run under `a` is better, equal ones left out, with its 95 %
    Wilson interval; `effect` the median of b - a in floors with its 95 % bootstrap interval, positive where
    `a` is better; `p_value` Wilcoxon's signed-rank test's, exact for few seeds (Wilcoxon 1945).
    """
    with np.errstate(invalid="ignore"):
        difference = np.where(a == b, 0.0, b - a)  # two infinite scores are equal
    better, n = int((difference > 0).sum()), int((difference != 0).sum())
    low, high = wilson(better, n)
    in_floors = difference / floor
    # A middle value, not the mean of two, which may be infinite and opposite.
    medians = np.quantile(in_floors[resampled(len(a))], 0.5, axis=1, method="inverted_cdf")
    effect_low, effect_high = interval(medians)
    return {
        "improvement": better / n if n else 0.5,
        "improvement_low": low,
        "improvement_high": high,
        "effect": float(np.quantile(in_floors, 0.5, method="inverted_cdf")),
        "effect_low": float(effect_low),
        "effect_high": float(effect_high),
        "p_value": float(stats.wilcoxon(difference[difference != 0]).pvalue) if n else 1.0,
    }


def holm(p_values: Sequence[float]) -> list[float]:
    """Corrected so that the probability of any false discovery among them is kept (Holm 1979)."""
    p = np.asarray(p_values, np.float64)
    order = p.argsort()
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1)
    return [float(p) for p in corrected]
