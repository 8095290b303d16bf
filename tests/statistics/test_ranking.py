"""Which loss comes first: ranks by hand, and how they hold when seeds are drawn again."""

from math import inf
from typing import Any

import numpy as np
import pytest

from ganstudy.statistics.estimates import RESAMPLES
from ganstudy.statistics.ranking import rank, ranks, stability
from ganstudy.statistics.scores import Scores

N = 8
Runs = tuple[int, Any]
"""How many runs matched, the first ones, and their scores: one for all or each seed's."""


def scores(**losses: Runs) -> Scores:
    values = np.array([np.broadcast_to(value, N) for _, value in losses.values()], float)
    matched = np.array([np.arange(N) < count for count, _ in losses.values()])
    return Scores(list(losses), "wasserstein", values, matched, 1.0)


def observed(of: Scores) -> list[float]:
    found: list[float] = ranks(of, np.arange(N)[None])[0].tolist()
    return found


def test_more_matched_runs_are_better_then_a_smaller_score() -> None:
    of = scores(b=(3, 0.1), e=(3, inf), a=(3, 0.01), d=(7, 5.0), c=(0, 0.0))
    assert observed(of) == [3, 4, 2, 1, 5]
    assert rank(of) == ["d", "a", "b", "e", "c"]


def test_scores_are_compared_by_their_interquartile_means() -> None:
    """Two of eight are left out on either side."""
    wild, calm = [0, 0, 2, 2, 2, 2, 99, inf], [1, 1, 2, 2, 2, 3, 3, 3]
    assert observed(scores(wild=(0, wild), calm=(0, calm))) == [1, 2]
    assert observed(scores(wild=(0, [*wild[:5], inf, inf, inf]), calm=(0, calm))) == [2, 1]


def test_equals_share_their_ranks_and_stay_in_the_order_of_params() -> None:
    of = scores(c=(1, 1.0), b=(5, 1.0), a=(5, 1.0), d=(0, inf), e=(0, inf), f=(0, inf))
    assert observed(of) == [3, 1.5, 1.5, 5, 5, 5]
    assert rank(of) == ["b", "a", "c", "d", "e", "f"]


def test_only_the_seeds_that_are_taken_count() -> None:
    """a matched under seed 0 alone, and b is nearer."""
    of = scores(a=(1, 2.0), b=(0, 1.0))
    taken = np.array([[0] * N, [7] * N, [0] + [7] * (N - 1)])
    assert ranks(of, taken).tolist() == [[1, 2], [2, 1], [1, 2]]


def test_a_single_loss_is_first() -> None:
    of = scores(a=(0, inf))
    assert rank(of) == ["a"]
    assert stability({"v": of})["variants"]["v"] == {"ranks": {"a": 1.0}, "first": {"a": 1.0}, "order": []}


def test_a_loss_that_wins_under_every_seed_is_always_first() -> None:
    distances = np.linspace(1, 2, N)
    held = stability({"v": scores(c=(0, distances + 1), a=(N, distances), b=(0, distances))})
    assert held["resamples"] == RESAMPLES == 10_000
    assert held["variants"]["v"] == {
        "ranks": {"c": 3, "a": 1, "b": 2},
        "first": {"c": 0, "a": 1, "b": 0},
        "order": [
            {"losses": ["a", "b"], "holds": 1},
            {"losses": ["a", "c"], "holds": 1},
            {"losses": ["b", "c"], "holds": 1},
        ],
    }
    assert held["mean_rank"]["a"] == {"rank": 1, "low": 1, "high": 1}
    assert held["first"] == {"c": 0, "a": 1, "b": 0}


def test_losses_that_are_the_same_share_everything() -> None:
    held = stability({"v": scores(a=(3, np.arange(N)), b=(3, np.arange(N)))})
    assert held["variants"]["v"] == {
        "ranks": {"a": 1.5, "b": 1.5},
        "first": {"a": 0.5, "b": 0.5},
        "order": [{"losses": ["a", "b"], "holds": 0.5}],
    }
    assert held["first"] == {"a": 0.5, "b": 0.5}


def test_a_single_seed_that_decides_is_drawn_as_often_as_chance_has_it() -> None:
    """a leads by seed 0 alone, which is in a draw with probability 1 - (7/8)⁸."""
    held = stability({"v": scores(a=(1, 2.0), b=(0, 1.0))})["variants"]["v"]
    chance = 1 - (1 - 1 / N) ** N
    assert held["first"]["a"] == pytest.approx(chance, abs=4 * (chance * (1 - chance) / RESAMPLES) ** 0.5)
    assert held["order"] == [{"losses": ["a", "b"], "holds": held["first"]["a"]}]


def test_mean_ranks_are_over_the_variants() -> None:
    """a is first and second, b second and third, c third and first, whatever the seeds."""
    held = stability(
        {"one": scores(a=(N, 1.0), b=(N, 2.0), c=(N, 3.0)), "two": scores(a=(N, 2.0), b=(N, 3.0), c=(N, 1.0))}
    )
    assert held["mean_rank"] == {
        "a": {"rank": 1.5, "low": 1.5, "high": 1.5},
        "b": {"rank": 2.5, "low": 2.5, "high": 2.5},
        "c": {"rank": 2, "low": 2, "high": 2},
    }
    assert held["first"] == {"a": 1, "b": 0, "c": 0}


def test_variants_are_given_the_same_seeds() -> None:
    """a is first in one exactly when it is last in the other: mean ranks never move."""
    a, b = [0.0] * 4 + [2.0] * 4, [1.0] * N
    held = stability({"one": scores(a=(0, a), b=(0, b)), "two": scores(a=(0, b), b=(0, a))})
    assert 0 < held["variants"]["one"]["first"]["a"] < 1
    assert held["mean_rank"]["a"] == {"rank": 1.5, "low": 1.5, "high": 1.5}


def test_every_time_the_same() -> None:
    rng = np.random.default_rng(0)
    of = scores(a=(4, rng.random(N)), b=(4, rng.random(N)), c=(4, rng.random(N)))
    assert stability({"v": of}) == stability({"v": of})
