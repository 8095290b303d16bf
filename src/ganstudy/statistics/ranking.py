"""Which loss comes first, and would it under other seeds?"""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudy.statistics.estimates import interquartile_means, percentile_interval, resampled
from ganstudy.statistics.scores import Scores


def ranks(scores: Scores, taken: NDArray[np.intp]) -> NDArray[np.float64]:
    """Each loss's rank when only these seeds are taken, `[resamples, seeds]`: `[resamples, losses]`.

    More matched runs are better, then a smaller interquartile mean of the scores; equals share their ranks.
    """
    matched = scores.matched[:, taken].sum(axis=2).T
    middle = interquartile_means(scores.values[:, taken]).T
    ours, others = (slice(None), slice(None), None), (slice(None), None, slice(None))
    same = matched[ours] == matched[others]
    ahead = (matched[ours] > matched[others]) | (same & (middle[ours] < middle[others]))
    level = same & (middle[ours] == middle[others])
    # Each loss is level with itself.
    behind = 1 - ahead - level
    return np.asarray(1 + behind.sum(axis=2) + (level.sum(axis=2) - 1) / 2, dtype=np.float64)


def rank(scores: Scores) -> list[str]:
    """The losses, the best first; equals in the order of params.yaml."""
    found = ranks(scores, np.arange(scores.values.shape[1])[None])[0]
    return [scores.losses[i] for i in found.argsort(kind="stable")]


def stability(variants: Mapping[str, Scores]) -> dict[str, Any]:
    """How the rankings hold when seeds are drawn again with replacement, 10,000 times: how often each loss
    comes first, how often each pair keeps its order, and each loss's mean rank over the variants with its
    95 % interval."""
    losses = next(iter(variants.values())).losses
    every = np.arange(next(iter(variants.values())).values.shape[1])
    taken = resampled(len(every))
    again = {name: ranks(scores, taken) for name, scores in variants.items()}
    observed = {name: ranks(scores, every[None])[0] for name, scores in variants.items()}
    means = np.mean(list(observed.values()), axis=0)
    overall = np.mean(list(again.values()), axis=0)
    low, high = percentile_interval(overall)
    return {
        "resamples": len(taken),
        "variants": {name: _held(losses, observed[name], again[name]) for name in variants},
        "mean_rank": {
            loss: {"rank": float(means[i]), "low": float(low[i]), "high": float(high[i])}
            for i, loss in enumerate(losses)
        },
        "first": dict(zip(losses, _first(overall).tolist(), strict=True)),
    }


def _held(losses: Any, observed: NDArray[np.float64], again: NDArray[np.float64]) -> dict[str, Any]:
    return {
        "ranks": dict(zip(losses, observed.tolist(), strict=True)),
        "first": dict(zip(losses, _first(again).tolist(), strict=True)),
        "order": [
            {"losses": [losses[i], losses[j]], "holds": _kept(again, i, j)}
            for i, j in combinations(observed.argsort(kind="stable").tolist(), 2)
        ],
    }


def _first(again: NDArray[np.float64]) -> NDArray[np.float64]:
    """How often each loss has the best rank, `[losses]`; equals share it."""
    best = again == again.min(axis=1, keepdims=True)
    return np.asarray((best / best.sum(axis=1, keepdims=True)).mean(axis=0))


def _kept(again: NDArray[np.float64], i: int, j: int) -> float:
    """How often i is ahead of j, which it was; level counts half."""
    return float((again[:, i] < again[:, j]).mean() + (again[:, i] == again[:, j]).mean() / 2)
