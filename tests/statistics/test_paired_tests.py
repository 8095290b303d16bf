"""Two losses under the same seeds: matrices small enough to check by hand, and how often the tests err."""

from itertools import combinations
from math import inf, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from ganstudy.statistics.estimates import wilson
from ganstudy.statistics.paired_tests import (
    LEVEL,
    compare_pairs,
    compare_two,
    differences,
    holm,
    median,
    p_value,
    rank_share,
)
from ganstudy.statistics.scores import Scores

Z = 1.959964
Array = NDArray[np.float64]


def two(a: Any, b: Any, floor: float = 1.0) -> dict[str, Any]:
    return compare_two(np.array(a, float), np.array(b, float), floor)


def scores_of(values: Any, floor: float = 1.0) -> Scores:
    values = np.array(values, float)
    return Scores(list("abcdef"[: len(values)]), "wasserstein", values, np.zeros(values.shape, bool), floor)


# ---- By hand


def test_one_loss_better_under_every_seed() -> None:
    """All signs alike, this way or that: 2 cases of 2⁵. Two units are four floors of a half."""
    assert two([1, 2, 3, 4, 5], [3, 4, 5, 6, 7], floor=0.5) == pytest.approx(
        {
            "improvement": 1,
            "improvement_low": 5 / (5 + Z**2),
            "improvement_high": 1,
            "effect": 4,
            "effect_low": 4,
            "effect_high": 4,
            "rank_share": 1,
            "p_value": 2 / 32,
        },
        abs=1e-6,
    )


@pytest.mark.parametrize(
    ("difference", "p", "share"),
    [
        ([7], 1, 1),
        ([-1, -2], 2 / 4, 0),
        ([1, -2, 3, 4, 5], 2 * 3 / 32, 13 / 15),  # at most 2: no rank, 1, 2
        ([1, 2, -3, 4, 5], 2 * 5 / 32, 12 / 15),  # at most 3: no rank, 1, 2, 3, 1 + 2
        ([-1, 2, 3, 4, 5, 6, 7, 8], 2 * 2 / 256, 35 / 36),
        ([1, 1, -1], 1, 2 / 3),  # ranks 2, 2, 2; at most 2: four cases of eight
        ([2, 2, 2, -1], 2 * 2 / 16, 9 / 10),  # ranks 3, 3, 3, 1; at most 1: no rank, 1
        ([inf, inf, inf, -1], 2 * 2 / 16, 9 / 10),
        ([0, 1, 0, -2, 3, 4, 5], 2 * 3 / 32, 13 / 15),  # equal seeds say nothing
        ([0, 0, 0], 1, 1 / 2),
    ],
)
def test_the_signed_rank_test(difference: list[float], p: float, share: float) -> None:
    assert p_value(np.array(difference, float)) == p
    assert rank_share(np.array(difference, float)) == pytest.approx(share)


def test_equal_seeds_are_left_out_of_the_improvement_and_not_of_the_effect() -> None:
    """Three of the four that differ; the seven differences are -1, 0, 0, 0, 1, 2, 3."""
    found = two([5, 5, 5, 5, 5, 5, 5], [5, 6, 5, 7, 5, 8, 4])
    assert found["improvement"] == 3 / 4
    middle, width = (3 + Z**2 / 2) / (4 + Z**2), Z / (4 + Z**2) * sqrt(3 / 4 + Z**2 / 4)
    assert found["improvement_low"] == pytest.approx(middle - width, abs=1e-6)
    assert found["improvement_high"] == pytest.approx(middle + width, abs=1e-6)
    assert found["effect"] == 0


def test_losses_that_are_equal_under_every_seed() -> None:
    assert two([1, inf, 3], [1, inf, 3]) == {
        "improvement": 0.5,
        "improvement_low": 0,
        "improvement_high": 1,
        "effect": 0,
        "effect_low": 0,
        "effect_high": 0,
        "rank_share": 0.5,
        "p_value": 1,
    }


def test_the_effect_is_the_median_in_floors_and_positive_where_the_first_loss_is_better() -> None:
    assert two([1, 1, 1, 1], [2, 4, 6, 20], floor=2)["effect"] == 2
    assert two([2, 4, 6, 20], [1, 1, 1, 1], floor=2)["effect"] == -2
    found = two(np.zeros(16), np.arange(16.0))
    assert found["effect"] == 7.5
    assert 3 <= found["effect_low"] < 7.5 < found["effect_high"] <= 12


def test_a_run_that_diverged_is_worse_than_any_and_equal_to_another() -> None:
    assert differences(np.array([inf, inf, 1]), np.array([inf, 1, inf])).tolist() == [0, -inf, inf]
    found = two([inf, inf, inf, 9], [inf, 1, 2, 1])
    assert found["improvement"] == 0
    assert found["effect"] == -inf
    assert found["p_value"] == 2 / 8


def test_between_opposite_infinities_lies_nothing() -> None:
    assert median(np.array([[-inf, inf], [inf, inf], [1, inf], [1, 2]])).tolist() == [0, inf, inf, 1.5]


def test_the_ranks_may_speak_for_another_loss_than_most_seeds() -> None:
    found = two(np.zeros(16), [-1, -2, -3, -4, -5, -6, -7, -8, -9, 20, 21, 22, 23, 24, 25, 26])
    assert found["improvement"] < 0.5 < found["rank_share"]


@pytest.mark.parametrize(
    ("p_values", "corrected"),
    [
        ([], []),
        ([0.04], [0.04]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),  # 3 × 0.01, 2 × 0.03, then no less than that
        ([0.5, 0.02, 0.9], [1, 0.06, 1]),
        ([0.02, 0.02, 0.02], [0.06, 0.06, 0.06]),
    ],
)
def test_holms_correction(p_values: list[float], corrected: list[float]) -> None:
    assert holm(p_values) == pytest.approx(corrected)


def test_every_pair_is_compared_and_corrected_for_their_number() -> None:
    """b is better than a under all of 8 seeds, and c the same as a."""
    a = np.arange(1.0, 9.0)
    pairs = compare_pairs(scores_of([a, a / 2, a], floor=0.5))
    assert [pair["losses"] for pair in pairs] == [["a", "b"], ["a", "c"], ["b", "c"]]
    assert [pair["p_value"] for pair in pairs] == [2 / 256, 1, 2 / 256]
    assert [pair["p_value_holm"] for pair in pairs] == [6 / 256, 1, 6 / 256]
    assert [pair["improvement"] for pair in pairs] == [0, 0.5, 1]
    assert [pair["effect"] for pair in pairs] == [-4.5, 0, 4.5]


def test_a_single_loss_has_no_pairs() -> None:
    assert compare_pairs(scores_of([[1, 2, 3]])) == []


# ---- By scipy


@pytest.mark.parametrize("n", [1, 2, 3, 8, 13, 16, 32, 50, 51, 64, 200])
def test_the_p_value_is_scipys(n: int) -> None:
    difference = np.random.default_rng(n).normal(0.3, 1, n)
    assert p_value(difference) == pytest.approx(stats.wilcoxon(difference).pvalue, rel=1e-12)


@pytest.mark.parametrize("n", [3, 6, 9])
def test_with_equal_differences_it_is_that_of_all_signs(n: int) -> None:
    rng = np.random.default_rng(n)
    for _ in range(5):
        difference = rng.choice([-inf, -2, -1, 1, 2, inf], n)
        exact = stats.wilcoxon(difference, method=stats.PermutationMethod()).pvalue
        assert p_value(difference) == pytest.approx(exact, rel=1e-12)


# ---- Whatever the scores

SCORE = st.sampled_from([0.0, 0.1, 0.25, 1.0, 1.5, 7.0, 1e6, inf])
PAIRED = st.lists(st.tuples(SCORE, SCORE), min_size=1, max_size=20)


@given(PAIRED, st.randoms(use_true_random=False))
def test_the_order_of_seeds_does_not_matter(paired: list[tuple[float, float]], random: Any) -> None:
    """But to the bootstrap, whose resamples are of places."""
    found, again = (two(*zip(*rows, strict=True)) for rows in (paired, random.sample(paired, len(paired))))
    for name in ("improvement", "effect", "rank_share", "p_value"):
        assert found[name] == again[name]


@given(PAIRED)
def test_seen_from_the_other_loss_everything_is_turned_around(paired: list[tuple[float, float]]) -> None:
    a, b = zip(*paired, strict=True)
    ours, theirs = two(a, b), two(b, a)
    assert ours["p_value"] == theirs["p_value"]
    for name in ("improvement", "rank_share"):
        assert ours[name] == pytest.approx(1 - theirs[name])
    assert ours["effect"] == -theirs["effect"]
    assert (ours["effect_low"], ours["effect_high"]) == (-theirs["effect_high"], -theirs["effect_low"])
    assert ours["improvement_low"] == pytest.approx(1 - theirs["improvement_high"])


@given(PAIRED)
def test_every_number_lies_where_it_may(paired: list[tuple[float, float]]) -> None:
    found = two(*zip(*paired, strict=True))
    assert 0 <= found["improvement_low"] <= found["improvement"] <= found["improvement_high"] <= 1
    assert found["effect_low"] <= found["effect"] <= found["effect_high"]
    assert 0 < found["p_value"] <= 1


# ---- How often the tests err, and find

STUDIES, SEEDS = 400, 16
MOST = 31
"""Of STUDIES without a difference; 20 are expected, and more than 31 in 1 of 150 cases."""


def told_apart(scores: Array) -> bool:
    """Whether any pair of the losses would be declared different, `[losses, seeds]`."""
    return min(holm([p_value(differences(a, b)) for a, b in combinations(scores, 2)])) < LEVEL


def skewed(rng: np.random.Generator, losses: int) -> Array:
    """Of losses that are alike; a seed that is hard for one is hard for all."""
    return rng.gamma(1.0, size=(losses, SEEDS)) * rng.lognormal(size=(1, SEEDS))


def test_this_is_what_the_comparison_declares() -> None:
    for seed in range(5):
        scores = skewed(np.random.default_rng(seed), 3)
        declared = min(pair["p_value_holm"] for pair in compare_pairs(scores_of(scores))) < LEVEL
        assert told_apart(scores) == declared


@pytest.mark.parametrize("losses", [2, 6])
def test_losses_that_are_alike_are_rarely_told_apart(losses: int) -> None:
    rng = np.random.default_rng(losses)
    assert sum(told_apart(skewed(rng, losses)) for _ in range(STUDIES)) <= MOST


def test_nor_are_they_where_runs_diverge() -> None:
    rng = np.random.default_rng(3)
    lost = (np.where(rng.random((2, SEEDS)) < 0.3, inf, skewed(rng, 2)) for _ in range(STUDIES))
    assert sum(told_apart(scores) for scores in lost) <= MOST


def test_a_difference_of_an_interquartile_range_is_found() -> None:
    """Of normal scores, even where seeds have nothing in common."""
    rng = np.random.default_rng(4)
    shift = np.array([[2 * stats.norm.ppf(0.75)], [0]])
    found = sum(told_apart(rng.normal(size=(2, SEEDS)) + shift) for _ in range(STUDIES))
    assert found >= 0.9 * STUDIES


def test_the_improvements_interval_is_wilsons() -> None:
    found = two(np.zeros(16), [1.0] * 13 + [-1.0] * 3)
    assert (found["improvement_low"], found["improvement_high"]) == wilson(13, 16)
