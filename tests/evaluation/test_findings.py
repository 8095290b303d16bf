"""What the data support, in words."""

from math import inf
from typing import Any

import numpy as np
import pytest

from ganstudy.evaluation.findings import across, finding
from ganstudy.statistics.paired_tests import compare_pairs
from ganstudy.statistics.ranking import rank, stability
from ganstudy.statistics.scores import Scores

N = 16
STEADY = np.linspace(1, 2, N)
LIKE_IT = STEADY + 0.001 * (-1.0) ** np.arange(N)
"""Now better, now worse, and in the mean the same."""


def said(**losses: tuple[int, Any]) -> str:
    """Of how many runs of each loss matched, the first ones, and of its scores."""
    values = np.array([np.broadcast_to(value, N) for _, value in losses.values()], float)
    matched = np.array([np.arange(N) < count for count, _ in losses.values()])
    of = Scores(list(losses), "wasserstein", values, matched, 1.0)
    cells = {}
    for loss, (count, _) in losses.items():
        cells[loss] = {"loss": loss, "runs": N, "matched": count, "undecided": 0}
    first = stability({"v": of})["variants"]["v"]["first"]
    return finding("v", of.metric, [cells[loss] for loss in rank(of)], compare_pairs(of), first)


NO_ORDER = "By Wasserstein distance these seeds support no order"


def drawn(loss: str, cases: int) -> str:
    return f"Drawn again, these seeds rank {loss} first in {cases} of 100 cases."


@pytest.mark.parametrize(
    ("losses", "sentences"),
    [
        (
            {"b": (8, STEADY + 1), "a": (16, STEADY)},
            "v: a matched most often, in 16 of 16 seeds (81 to 100 %); b in 8 of 16 seeds (28 to 72 %). "
            f"By Wasserstein distance a is ahead of b. {drawn('a', 100)}",
        ),
        (
            {"a": (16, STEADY), "b": (0, LIKE_IT)},
            "v: a matched most often, in 16 of 16 seeds (81 to 100 %); b in 0 of 16 seeds (0 to 19 %). "
            f"{NO_ORDER}: a does not differ significantly from any other loss. {drawn('a', 100)}",
        ),
        (
            {"a": (16, STEADY), "b": (0, LIKE_IT), "c": (0, STEADY + 1), "d": (0, STEADY - 1)},
            "v: a matched most often, in 16 of 16 seeds (81 to 100 %); c in 0 of 16 seeds (0 to 19 %). "
            f"By Wasserstein distance a is ahead of c, behind d and not significantly different from b. "
            f"{drawn('a', 100)}",
        ),
        (
            {"b": (0, STEADY), "a": (8, STEADY + 1)},
            "v: a matched most often, in 8 of 16 seeds (28 to 72 %); b in 0 of 16 seeds (0 to 19 %). "
            f"By Wasserstein distance a is behind b. {drawn('a', 100)}",
        ),
        (
            {"a": (8, STEADY), "c": (1, STEADY), "b": (8, STEADY)},
            "v: a and b matched most often, in 8 of 16 seeds (28 to 72 %); c in 1 of 16 seeds (1 to 28 %). "
            f"{NO_ORDER}: a does not differ significantly from any other loss. {drawn('a', 50)}",
        ),
        (
            {"a": (0, STEADY + 1), "b": (0, STEADY)},
            "v: no loss matched the data in any of 16 seeds. "
            f"By Wasserstein distance b is ahead of a. {drawn('b', 100)}",
        ),
        (
            {"a": (16, STEADY), "b": (16, STEADY + 1)},
            "v: every loss matched in 16 of 16 seeds (81 to 100 %). "
            f"By Wasserstein distance a is ahead of b. {drawn('a', 100)}",
        ),
        (
            {"a": (8, STEADY), "b": (8, STEADY + 1)},
            "v: every loss matched in 8 of 16 seeds (28 to 72 %). "
            f"By Wasserstein distance a is ahead of b. {drawn('a', 100)}",
        ),
        (
            {"a": (0, inf), "b": (0, STEADY), "c": (0, inf)},
            "v: no loss matched the data in any of 16 seeds. "
            f"By Wasserstein distance b is ahead of a and c. {drawn('b', 100)}",
        ),
        (
            {"a": (0, inf), "b": (0, inf)},
            "v: no loss matched the data in any of 16 seeds. "
            f"{NO_ORDER}: a does not differ significantly from any other loss. {drawn('a', 50)}",
        ),
        ({"a": (8, STEADY)}, "v: a matched in 8 of 16 seeds (28 to 72 %)."),
        ({"a": (0, STEADY)}, "v: no loss matched the data in any of 16 seeds."),
    ],
    ids=[
        "a clear winner",
        "a winner that is not significantly different",
        "everywhere at once",
        "a winner that is behind",
        "a tie",
        "none",
        "all, always",
        "all, as often",
        "some diverged",
        "all diverged",
        "a single loss",
        "a single loss without success",
    ],
)
def test_the_finding(losses: dict[str, tuple[int, Any]], sentences: str) -> None:
    assert said(**losses) == sentences


@pytest.mark.parametrize("order", [["a", "b"], ["b", "a"]])
@pytest.mark.parametrize(("share", "place"), [(0.8, "ahead of"), (0.2, "behind")])
def test_what_the_ranks_speak_for_is_better_even_if_seeds_are_split(
    share: float, place: str, order: list[str]
) -> None:
    """As of 32 seeds, where the larger half of the differences outweighs the other."""
    cells = [{"loss": loss, "runs": 32, "matched": 0, "undecided": 0} for loss in ("a", "b")]
    rank_share = share if order == ["a", "b"] else 1 - share
    pair = {"losses": order, "improvement": 0.5, "rank_share": rank_share, "p_value_holm": 0.01}
    assert f"a is {place} b" in finding("v", "mean", cells, [pair], {"a": 0.7, "b": 0.3})


def test_the_figure_is_called_by_its_name() -> None:
    cells = [{"loss": loss, "runs": 1, "matched": 0, "undecided": 0} for loss in ("a", "b")]
    for metric, name in (("frechet", "Fréchet distance"), ("mean", "error of the mean")):
        assert f"By {name} these seeds" in finding("v", metric, cells, [], {"a": 0.7, "b": 0.3})


@pytest.mark.parametrize(
    ("captured", "sentence"),
    [
        (
            [15, 16, 3],
            "a … 15 of 16 seeds (72 to 99 %); c in 3 of 16 seeds (7 to 43 %)",
        ),
        ([16, 16, 16], "every loss … 16 of 16 seeds (81 to 100 %)"),
        (
            [3, 16, 3],
            "a … 3 of 16 seeds (7 to 43 %); b in 16 of 16 seeds (81 to 100 %)",
        ),
        ([0], "a … 0 of 16 seeds (0 to 19 %)"),
    ],
    ids=["the leader oftener", "all alike", "the leader least often", "a single loss"],
)
def test_of_mixtures_it_says_how_often_all_modes_were_captured(captured: list[int], sentence: str) -> None:
    cells = [
        {"loss": loss, "runs": 16, "matched": 0, "undecided": 0, "captured": n}
        for loss, n in zip("abc", captured, strict=False)
    ]
    first = {"a": 0.7, "b": 0.2, "c": 0.1}
    said = finding("v", "wasserstein", cells, [], first, 8)
    sentence = sentence.replace("…", "captured all 8 modes in")
    assert said.startswith(f"v: no loss matched the data in any of 16 seeds. {sentence}.")


def held(first: dict[str, float], **ranks: tuple[float, float, float]) -> dict[str, Any]:
    return {
        "variants": {"v": {}, "w": {}},
        "mean_rank": {
            loss: dict(zip(("rank", "low", "high"), of, strict=True)) for loss, of in ranks.items()
        },
        "first": first,
    }


def test_the_best_over_all_variants() -> None:
    stability = held({"a": 0.041, "b": 0.959}, a=(1.75, 1.5, 2.0), b=(1.25, 1.0, 1.5))
    assert across(["a", "b"], stability) == (
        "Over all 2 variants b has the best mean rank, 1.2 of 2 (1 to 1.5), and keeps it in 96 of 100 draws "
        "of the seeds."
    )


def test_the_best_over_all_variants_may_be_several() -> None:
    stability = held({"a": 0.5, "b": 0.2, "c": 0.3}, a=(1.5, 1, 2), b=(3, 3, 3), c=(1.5, 1, 2))
    assert (
        across(["a", "b", "c"], stability)
        == "Over all 2 variants a and c share the best mean rank, 1.5 of 3."
    )


def test_where_samples_tell_no_match_it_says_so_instead_of_counting_none() -> None:
    cells = [{"loss": loss, "runs": 16, "matched": 0, "undecided": n} for loss, n in (("a", 9), ("b", 3))]
    said = finding("v", "wasserstein", cells, [], {"a": 0.7, "b": 0.3})
    assert said.startswith(
        "v: these samples do not tell a match from a generator that has learnt nothing; "
        "12 of 32 runs are undecided. "
    )
