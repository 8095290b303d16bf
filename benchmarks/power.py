"""`python benchmarks/power.py`: how often the paired comparison finds a difference that is there.

Scores are normal and losses alike but for one, which is worse by some of its interquartile ranges. Of six
losses that makes five of the fifteen pairs differ. `r` is the correlation of two losses' scores under the
same seed.

Prints a table. In each cell, in percent: of two losses the difference is found; of six, a given one of the
five is; of six, all five are.
"""

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ganstudy.statistics.paired_tests import LEVEL, differences, holm, p_value

SIMULATIONS = 1000
SEEDS = (8, 16, 32)
CORRELATIONS = (0, 0.5)
SHIFTS = (0.5, 1, 1.5, 2)
"""In interquartile ranges of the scores."""
SIX = 6
RANGE = stats.norm.ppf(0.75) - stats.norm.ppf(0.25)


def studies(losses: int, seeds: int, correlation: float, shift: float) -> Iterator[NDArray[np.float64]]:
    """Scores `[losses, seeds]` of a variant, the first loss worse; each time of other runs."""
    rng = np.random.default_rng(0)
    for _ in range(SIMULATIONS):
        common, own = rng.normal(size=(1, seeds)), rng.normal(size=(losses, seeds))
        scores = correlation**0.5 * common + (1 - correlation) ** 0.5 * own
        scores[0] += shift * RANGE
        yield scores


def found(scores: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the first loss is told apart from each of the others, `[losses - 1]`."""
    # Pairs with the first loss come first.
    p_values = [p_value(differences(a, b)) for a, b in combinations(scores, 2)]
    return np.array(holm(p_values)[: len(scores) - 1]) < LEVEL


def main() -> None:
    print("| seeds | r |", " | ".join(f"{shift:g}" for shift in SHIFTS), "|")
    print("|--:|--:|", "--:|" * len(SHIFTS), sep="")
    for seeds, correlation in product(SEEDS, CORRELATIONS):
        row = [f"{seeds}", f"{correlation:g}"]
        for shift in SHIFTS:
            two = np.array([found(scores) for scores in studies(2, seeds, correlation, shift)])
            six = np.array([found(scores) for scores in studies(SIX, seeds, correlation, shift)])
            shares = (two.mean(), six.mean(), six.all(axis=1).mean())
            row.append(" / ".join(f"{100 * share:.0f}" for share in shares))
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
