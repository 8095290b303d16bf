"""Cells side by side: what reports/comparison.json holds."""

import json
from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
import pytest

from ganstudy.evaluation.comparison import PROFILE, compare_losses, profile
from ganstudy.statistics.estimates import wilson
from ganstudy.study.loading import parse
from ganstudy.study.params import Params

N = 10
Score = tuple[int, float | None]
"""How many of N runs matched, and every run's distance; None if all diverged."""


@pytest.fixture
def compared(make_study: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """`compared(variant={loss: (matched, distance)})`, with summaries and judgements as `evaluate` writes
    them."""

    def made(**variants: dict[str, Score]) -> dict[str, Any]:
        study = make_study("mse")
        losses = next(iter(variants.values()))
        study["study"]["seeds"] = N
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
                    "undecided": 0,
                    "success_rate": matched / N,
                    "success_rate_low": low,
                    "success_rate_high": high,
                    **({} if distance is None else {"wasserstein": distance}),
                }
                failed = "diverged" if distance is None else "off_target"
                judged[variant, loss] = {
                    "overrides": {"steps": 3} if loss == "a" else {},
                    "update": "joint",
                    "update_asked": "real_then_fake",
                    "metrics": {"wasserstein": {"floor": 0.5, "reason": None}},
                    "runs": [
                        {"outcome": "matched" if run < matched else failed, "wasserstein_error": distance}
                        for run in range(N)
                    ],
                }
        return compare_losses(params, summaries, judged)

    return made


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
    assert (found["study"], found["seeds"]) == ("test", [*range(N)])
    assert found["cells"][0]["wasserstein"] == 0.333333


def test_each_variant_has_its_own_comparison(compared: Callable[..., dict[str, Any]]) -> None:
    found = compared(one={"a": (1, 1.0), "b": (2, 3.0)}, two={"a": (2, 1.0), "b": (1, 1.0)})
    assert list(found["variants"]) == list(found["findings"]) == ["one", "two"]
    assert set(found["stability"]["variants"]) == {"one", "two"}
    one, two = found["variants"].values()
    assert (one["score"], one["floor"]) == ("wasserstein", 0.5)
    assert (one["ranking"], two["ranking"]) == (["b", "a"], ["a", "b"])
    assert [pair["losses"] for pair in one["pairs"]] == [["a", "b"]]
    assert one["pairs"][0]["effect"] == 4  # floors of a half
    assert one["pairs"][0]["p_value_holm"] == pytest.approx(2 / 2**N, rel=1e-5)
    assert two["pairs"][0]["p_value_holm"] == 1
    assert set(one["profiles"]) == {"a", "b"}
    assert found["findings"]["one"].startswith("one: b matched most often, in 2 of 10 seeds")
    assert found["overall"] == "Over all 2 variants a and b share the best mean rank, 1.5 of 2."


@pytest.mark.parametrize(
    "variants",
    [{"v": {"a": (1, 1.0)}, "w": {"a": (1, 1.0)}}, {"v": {"a": (1, 1.0), "b": (2, 1.0)}}],
    ids=["a single loss", "a single variant"],
)
def test_nothing_is_said_over_all_where_there_is_nothing_to_rank_or_to_average(
    variants: dict[str, dict[str, Score]], compared: Callable[..., dict[str, Any]]
) -> None:
    assert compared(**variants)["overall"] is None


def test_losses_that_diverged_are_written_as_json_has_it(compared: Callable[..., dict[str, Any]]) -> None:
    found = compared(v={"a": (0, None), "b": (1, 0.2), "c": (0, None)})
    about = found["variants"]["v"]
    assert about["ranking"] == ["b", "a", "c"]
    assert {tuple(pair["losses"]): pair["effect"] for pair in about["pairs"]} == {
        ("a", "b"): None,
        ("a", "c"): 0,
        ("b", "c"): None,
    }
    assert [pair["improvement"] for pair in about["pairs"]] == [0, 0.5, 1]
    assert {point["share"] for point in about["profiles"]["a"]} == {0}
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_a_performance_profile() -> None:
    """Half a floor or less is reached by none of four runs, one floor by one, and so on; one diverged."""
    found = profile(np.array([1.0, 1.7, 5.0, inf]))
    assert [point["floors"] for point in found] == list(PROFILE)
    assert {point["floors"]: point["share"] for point in found} == {
        0.5: 0,
        **{1: 0.25, 1.5: 0.25},
        **dict.fromkeys((2, 3, 4), 0.5),
        **dict.fromkeys((6, 8, 12, 16, 24, 32, 48, 64), 0.75),
    }
    assert [(point["low"], point["high"]) for point in found] == [
        *[wilson(0, 4), wilson(1, 4), wilson(1, 4)],
        *[wilson(2, 4)] * 3,
        *[wilson(3, 4)] * 8,
    ]
