"""Is one loss better than another? Pairs of losses within a variant, seed by seed."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ganstudy.statistics.estimates import percentile_interval, resampled, wilson
from ganstudy.statistics.scores import Scores

LEVEL = 0.05
"""The probability of finding any difference in a variant where there is none."""
EXACT_SEEDS = 50
"""So many seeds' signs are gone through; of more, the sum of ranks is as good as normal."""


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
    `a` is better; `rank_share` and `p_value` are the signed-rank test's.
    """
    difference = differences(a, b)
    better, n = int((difference > 0).sum()), int((difference != 0).sum())
    low, high = wilson(better, n)
    in_floors = difference / floor
    effect_low, effect_high = percentile_interval(median(in_floors[resampled(len(a))]))
    return {
        "improvement": better / n if n else 0.5,
        "improvement_low": low,
        "improvement_high": high,
        "effect": float(median(in_floors)),
        "effect_low": float(effect_low),
        "effect_high": float(effect_high),
        "rank_share": rank_share(difference),
        "p_value": p_value(difference),
    }


def differences(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """b - a of each seed, `[seeds]`, positive where `a` is better; two infinite scores are equal."""
    with np.errstate(invalid="ignore"):
        return np.where(a == b, 0.0, b - a)


def p_value(difference: NDArray[np.float64]) -> float:
    """Of Wilcoxon's signed-rank test of differences, `[seeds]`, without those that are 0 (Wilcoxon 1945)."""
    unequal = difference[difference != 0]
    if not len(unequal):
        return 1.0
    if len(unequal) > EXACT_SEEDS:
        return float(stats.wilcoxon(unequal).pvalue)
    # Scipy's exact test wants all sizes to differ, and infinite ones do not. Twice a rank is a whole number.
    ranks = (2 * stats.rankdata(np.abs(unequal))).astype(int)
    chance = np.zeros(ranks.sum() + 1)
    chance[0] = 1
    for rank in ranks:
        chance[rank:] += chance[:-rank]
        chance /= 2
    smaller = min(ranks[unequal > 0].sum(), ranks[unequal < 0].sum())
    return min(2 * float(chance[: smaller + 1].sum()), 1.0)


def rank_share(difference: NDArray[np.float64]) -> float:
    """What that test looks at: of the sum of the ranks of differences `[seeds]`, the share that speaks for
    the first loss. Its side of 1/2 says which is better, where the majority of the seeds need not."""
    unequal = difference[difference != 0]
    ranks = stats.rankdata(np.abs(unequal))
    return float(ranks[unequal > 0].sum() / ranks.sum()) if len(unequal) else 0.5


def median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Along the last axis, `[…, n]`; 0 where the middle lies between two opposite infinities."""
    with np.errstate(invalid="ignore"):
        middle = np.median(values, axis=-1)
    return np.where(np.isnan(middle), 0.0, middle)


def holm(p_values: Sequence[float]) -> list[float]:
    """Corrected so that the probability of any false discovery among them is kept (Holm 1979)."""
    p = np.asarray(p_values, np.float64)
    order = p.argsort()
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1)
    return [float(p) for p in corrected]
