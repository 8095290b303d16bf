"""Cells side by side: rankings, and what is said to have been found."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from ganstudy.evaluation import compare
from ganstudy.params import Params, parse
from ganstudy.statistics import wilson

N = 10
Score = tuple[int, float | None]
"""How many of N runs matched, and the distance."""


@pytest.fixture
def compared(make_study: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """`compared(variant={loss: (matched, distance)})`, with a summary as `evaluate` writes it."""

    def made(**variants: dict[str, Score]) -> dict[str, Any]:
        study = make_study("mse")
        losses = next(iter(variants.values()))
        study["variants"] = dict.fromkeys(variants, study["variants"]["v"])
        study["losses"] = {loss: {"loss": "mse"} for loss in losses}
        params: Params = parse(study)
        summaries, judged = {}, {}
        for variant, scores in variants.items():
            for loss, (matched, distance) in scores.items():
                low, high = wilson(matched, N)
                summaries[variant, loss] = {
                    "runs": N,
                    "matched": matched,
                    "success_rate": matched / N,
                    "success_rate_low": low,
                    "success_rate_high": high,
                    **({} if distance is None else {"wasserstein": distance}),
                }
                judged[variant, loss] = {
                    "overrides": {"steps": 3} if loss == "a" else {},
                    "update": "joint",
                    "update_asked": "real_then_fake",
                }
        return compare(params, summaries, judged)

    return made


def test_losses_are_ranked_by_matched_runs_then_by_distance_then_by_name(
    compared: Callable[..., dict[str, Any]],
) -> None:
    found = compared(
        v={
            "f": (3, 0.1),
            "b": (3, 0.1),
            "e": (3, None),
            "a": (3, 0.01),
            "d": (9, 5.0),
            "c": (0, 0.0),
        }
    )
    assert found["ranking"] == {"v": ["d", "a", "b", "f", "e", "c"]}


def test_each_variant_has_its_own_ranking_and_finding(compared: Callable[..., dict[str, Any]]) -> None:
    found = compared(one={"a": (1, 1.0), "b": (2, 1.0)}, two={"a": (2, 1.0), "b": (1, 1.0)})
    assert found["ranking"] == {"one": ["b", "a"], "two": ["a", "b"]}
    assert set(found["findings"]) == {"one", "two"}


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        (
            {"a": (8, 1.0), "b": (5, 1.0), "c": (0, 1.0)},
            "v: a matched most often, in 8 of 10 seeds (49 to 94 %); c in 0 of 10 seeds (0 to 28 %).",
        ),
        (
            {"a": (1, 1.0), "b": (8, 0.5), "c": (8, 0.1)},
            "v: c and b matched most often, in 8 of 10 seeds (49 to 94 %); a in 1 of 10 seeds (2 to 40 %).",
        ),
        (
            {"a": (10, 1.0), "b": (10, 2.0)},
            "v: every loss matched in 10 of 10 seeds (72 to 100 %).",
        ),
        ({"a": (0, 1.0), "b": (0, 2.0)}, "v: no loss matched the data in any seed."),
        ({"a": (5, 1.0)}, "v: a matched in 5 of 10 seeds (24 to 76 %)."),
        ({"a": (0, 1.0)}, "v: no loss matched the data in any seed."),
    ],
    ids=["one winner", "a tie", "all alike", "none", "a single loss", "a single loss without success"],
)
def test_the_finding_in_one_sentence(
    scores: dict[str, Score], sentence: str, compared: Callable[..., dict[str, Any]]
) -> None:
    assert compared(v=scores)["findings"] == {"v": sentence}


def test_a_comparison_has_every_cell_in_the_order_of_params_with_its_overrides(
    compared: Callable[..., dict[str, Any]],
) -> None:
    found = compared(w={"b": (1, 1 / 3), "a": (2, 1.0)}, v={"b": (3, 1.0), "a": (4, 1.0)})
    assert [(cell["variant"], cell["loss"], cell["matched"]) for cell in found["cells"]] == [
        ("w", "b", 1),
        ("w", "a", 2),
        ("v", "b", 3),
        ("v", "a", 4),
    ]
    assert [cell["overrides"] for cell in found["cells"]] == [{}, {"steps": 3}] * 2
    assert {(cell["update"], cell["update_asked"]) for cell in found["cells"]} == {
        ("joint", "real_then_fake")
    }
    assert (found["study"], found["seeds"]) == ("test", [0])
    assert found["cells"][0]["wasserstein"] == 0.333333
    assert json.loads(json.dumps(found, allow_nan=False)) == found
