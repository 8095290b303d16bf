"""A cell's judgement: outcomes, what failed, and numbers that JSON can hold."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isnan
from typing import Any

import numpy as np
import pytest
from scipy import stats

from ganstudy.evaluation import Truth, judge
from ganstudy.evaluation.adversary import ADVERSARY
from ganstudy.evaluation.figures import FIGURES, POINT
from ganstudy.evaluation.judgement import summarise
from ganstudy.params import Cell, Evaluation
from ganstudy.params.study import OUTCOMES
from ganstudy.runs import Runs

N = 200
QUANTILES = stats.norm.ppf((np.arange(N) + 0.5) / N)[:, None]
"""As near to N(0, 1) as N values can be."""
INSIDE, OUTSIDE = [0.9, 0.1, 0.9, 0.1], [0.9, 0.1, 0.9, 0.3]
PATTERN = {"name": "pattern_1010", "samples": 10}

Judge = Callable[..., dict[str, Any]]


def tolerances(**of_sources: dict[str, Any]) -> Evaluation:
    return Evaluation.model_validate({"tolerances": of_sources})


def floats(value: Any) -> Iterator[float]:
    match value:
        case float():
            yield value
        case dict():
            for item in value.values():
                yield from floats(item)
        case list():
            for item in value:
                yield from floats(item)


@pytest.fixture(scope="module")
def judged(
    make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth], make_runs: Callable[..., Runs]
) -> Judge:
    """`judged(generated, evaluation, source=…, change=…, **recipe)`: judge runs of these samples against
    N(0, 1), or another source."""

    def made(
        generated: Any,
        evaluation: Evaluation,
        source: Any = None,
        change: Callable[[Runs], Runs] = lambda runs: runs,
        **recipe: Any,
    ) -> dict[str, Any]:
        cell = make_cell(source=source or {"name": "gaussian", "samples": 10}, **recipe)
        return judge(cell, change(make_runs(cell, generated)), make_truth(cell), evaluation)

    return made


def nan_weights(lane: int) -> Callable[[Runs], Runs]:
    def change(runs: Runs) -> Runs:
        weights = runs.weights["generator.1.weight"].copy()
        weights[lane, 0, 0] = np.nan
        return replace(runs, weights={"generator.1.weight": weights})

    return change


def outcomes(judged: dict[str, Any]) -> list[str]:
    return [run["outcome"] for run in judged["runs"]]


def test_a_run_ends_in_one_of_four_ways(judged: Judge) -> None:
    exact, off, point, lost = QUANTILES, QUANTILES + 0.5, 0.01 * QUANTILES, np.full((N, 1), np.nan)
    found = judged([exact, off, point, lost], tolerances(gaussian={"mean": 0.1, "std": 0.1}))
    assert outcomes(found) == ["matched", "off_target", "collapsed", "diverged"]
    assert set(outcomes(found)) == set(OUTCOMES)


def test_failed_names_every_criterion_that_was_not_met(judged: Judge) -> None:
    evaluation = tolerances(gaussian={"mean": 0.1, "std": 0.1, "wasserstein": 0.3})
    found = judged([QUANTILES, QUANTILES + 0.2, QUANTILES + 1, 2 * QUANTILES - 3], evaluation)
    assert [run["failed"] for run in found["runs"]] == [
        [],
        ["mean"],
        ["mean", "wasserstein"],
        ["mean", "std", "wasserstein"],
    ]


def test_a_figure_without_tolerance_is_told_and_not_judged(judged: Judge) -> None:
    (run,) = judged([QUANTILES + 1], tolerances(gaussian={"std": 0.1}))["runs"]
    assert run["outcome"] == "matched"
    assert run["mean_error"] == pytest.approx(1)


@pytest.mark.parametrize(("tolerance", "outcome"), [(0.5001, "matched"), (0.4999, "off_target")])
def test_a_tolerance_is_the_greatest_error_that_passes(tolerance: float, outcome: str, judged: Judge) -> None:
    assert outcomes(judged([QUANTILES + 0.5], tolerances(gaussian={"mean": tolerance}))) == [outcome]


@pytest.mark.parametrize(("least", "outcome"), [(0.75, "matched"), (0.76, "off_target")])
def test_of_shares_it_is_the_least_that_passes(least: float, outcome: str, judged: Judge) -> None:
    samples = [[INSIDE, INSIDE, INSIDE, OUTSIDE]]
    found = judged(samples, tolerances(pattern_1010={"inside": least}), source=PATTERN)
    assert found["runs"][0]["inside"] == 0.75
    assert outcomes(found) == [outcome]


def test_a_run_that_diverged_is_kept_counted_and_has_no_figures(judged: Judge) -> None:
    samples = np.stack([QUANTILES, QUANTILES, QUANTILES])
    samples[1, 7] = np.inf
    found = judged(samples, tolerances(gaussian={"mean": 0.1}), change=nan_weights(2))
    assert outcomes(found) == ["matched", "diverged", "diverged"]
    for run in found["runs"][1:]:
        assert run["failed"] == []
        assert all(run[name] is None for name in ("mean", "std", "wasserstein", "ks"))
        assert run["generator"] == 0.5  # what its losses were is told all the same
    summary = summarise(found)
    assert (summary["runs"], summary["matched"], summary["diverged"]) == (3, 1, 2)
    assert summary["success_rate"] == pytest.approx(1 / 3, abs=1e-6)
    assert summary["mean"] == pytest.approx(0, abs=1e-6)


def test_a_cell_whose_every_run_diverged_has_a_summary(judged: Judge) -> None:
    lost = judged(np.full((2, N, 1), np.nan), tolerances(gaussian={"mean": 0.1}))
    summary = summarise(lost)
    assert (summary["diverged"], summary["success_rate"]) == (2, 0)
    assert summary["mean"] is None
    json.dumps(summary, allow_nan=False)


def test_a_collapsed_run_needs_to_have_failed(judged: Judge) -> None:
    """Collapse is a way to miss the target: what stays within the tolerances has matched."""
    assert outcomes(judged([0.01 * QUANTILES], tolerances(gaussian={"mean": 0.1}))) == ["matched"]


@pytest.mark.parametrize(("share", "outcome"), [(0.24, "collapsed"), (0.26, "off_target")])
def test_a_run_has_collapsed_below_the_share_of_spread_that_params_say(
    share: float, outcome: str, judged: Judge
) -> None:
    evaluation = Evaluation.model_validate(
        {"tolerances": {"gaussian": {"std": 0.1}}, "collapsed_spread": 0.25}
    )
    spread = share / QUANTILES.std()
    assert outcomes(judged([spread * QUANTILES], evaluation)) == [outcome]


@pytest.mark.parametrize(("captured", "outcome"), [(3, "collapsed"), (4, "off_target"), (8, "matched")])
def test_a_mixtures_run_has_collapsed_below_half_of_the_modes(
    captured: int, outcome: str, judged: Judge
) -> None:
    angles = 2 * np.pi * (np.arange(N) % captured) / 8
    samples = [np.stack([np.cos(angles), np.sin(angles)], axis=1)]
    found = judged(samples, tolerances(ring={"modes_missing": 0}), source={"name": "ring", "samples": 10})
    assert found["runs"][0]["modes_missing"] == 8 - captured
    assert outcomes(found) == [outcome]


def test_without_tolerances_the_distance_may_be_so_many_floors(judged: Judge) -> None:
    evaluation = Evaluation.model_validate({"floors": 3.0})
    about = judged([QUANTILES], evaluation)["figures"]
    assert about["wasserstein"]["tolerance"] == pytest.approx(3 * about["wasserstein"]["floor"], rel=1e-5)
    assert [name for name in FIGURES if about[name]["tolerance"] is not None] == ["wasserstein"]
    limit = about["wasserstein"]["tolerance"]
    found = judged([QUANTILES + 0.98 * limit, QUANTILES + 1.02 * limit], evaluation)
    assert [run["failed"] for run in found["runs"]] == [[], ["wasserstein"]]


@pytest.fixture
def of_a_point(judged: Judge) -> dict[str, Any]:
    """Three generators of a single point each: inside the box, outside, and lost."""
    samples = [[INSIDE], [OUTSIDE], [[np.nan] * 4]]
    return judged(
        samples,
        tolerances(pattern_1010={"inside": 1.0, "std": 0.1}),
        source=PATTERN,
        noise={"name": "constant", "value": 0.5},
        samples=1,
    )


def test_a_constant_generator_is_judged_by_the_box_and_never_collapsed(of_a_point: dict[str, Any]) -> None:
    assert outcomes(of_a_point) == ["matched", "off_target", "diverged"]
    assert [run["failed"] for run in of_a_point["runs"]] == [[], ["inside"], []]


@pytest.mark.parametrize("name", ["std", "skew", "kurtosis", "wasserstein", "ks"])
def test_a_constant_generator_has_no_spread_or_shape_and_the_reason_is_said(
    name: str, of_a_point: dict[str, Any]
) -> None:
    about = of_a_point["figures"][name]
    assert about == {"target": None, "floor": None, "tolerance": None, "reason": POINT}
    assert all(name not in run and f"{name}_error" not in run for run in of_a_point["runs"])
    assert name not in summarise(of_a_point)


def test_every_figure_stands_beside_target_floor_tolerance_and_reason(judged: Judge) -> None:
    found = judged([QUANTILES], tolerances(gaussian={"mean": 0.1}))
    assert set(found["figures"]) == set(FIGURES) | set(ADVERSARY)
    for about in found["figures"].values():
        assert set(about) == {"target", "floor", "tolerance", "reason"}
        assert (about["target"] is None) == (about["reason"] is not None)
    assert found["samples"] == N
    assert found["held_out"] == 10
    assert found["figures"]["std"]["target"] == 1
    assert found["figures"]["mean"]["tolerance"] == 0.1


def test_a_judgement_says_whose_it_is_and_what_was_overridden(judged: Judge) -> None:
    found = judged(
        [QUANTILES],
        Evaluation(),
        loss={"loss": "wgan_gp", "steps": 7},
        update="real_then_fake",
        change=lambda runs: replace(runs, seeds=[42]),
    )
    assert (found["variant"], found["loss"]) == ("v", "l")
    assert found["overrides"] == {"steps": 7}
    assert (found["update_asked"], found["update"]) == ("real_then_fake", "joint")
    assert found["runs"][0]["seed"] == 42


@pytest.mark.parametrize(
    ("source", "dims", "loss"),
    [
        ({"name": "gaussian", "samples": 50}, 1, "non_saturating"),
        ({"name": "gaussian", "samples": 50}, 1, "wgan_gp"),
        ({"name": "ring", "samples": 60}, 2, "r3gan"),
        ({"name": "pattern_1010", "samples": 60}, 4, "lsgan"),
        ("digits", 64, "dragan"),
    ],
)
def test_judgement_and_summary_are_json_with_numbers_of_six_digits(
    source: Any, dims: int, loss: str, judged: Judge
) -> None:
    samples = np.random.default_rng(0).standard_normal((3, 60, dims))
    samples[1], samples[2] = 0.3, np.nan
    warm_up = {"real": np.full(3, np.nan, np.float32), "noise": np.full(3, 1 / 3, np.float32)}
    found = judged(
        samples,
        Evaluation(),
        source=source,
        loss=loss,
        change=lambda runs: replace(runs, warm_up=warm_up, logits_fake=runs.logits_fake + np.float32(1 / 3)),
    )
    for content in (found, summarise(found)):
        assert json.loads(json.dumps(content, allow_nan=False)) == content
        for number in floats(content):
            assert number == float(f"{number:.6g}")


def test_a_summary_counts_outcomes_and_averages_the_middle_half(judged: Judge) -> None:
    shifts = [0.0, 0.05, 0.2, 9.0]
    found = judged([QUANTILES + shift for shift in shifts], tolerances(gaussian={"mean": 0.1}))
    summary = summarise(found)
    assert {outcome: summary[outcome] for outcome in OUTCOMES} == {
        "matched": 2,
        "off_target": 2,
        "collapsed": 0,
        "diverged": 0,
    }
    assert (summary["runs"], summary["success_rate"]) == (4, 0.5)
    # Wilson's interval of 2 in 4, which is symmetric about ½: half its width is z / (2 √(n + z²)).
    half = 1.959964 / 2 / np.sqrt(4 + 1.959964**2)
    assert (summary["success_rate_low"], summary["success_rate_high"]) == pytest.approx(
        (0.5 - half, 0.5 + half), abs=1e-5
    )
    assert summary["mean"] == summary["mean_error"] == pytest.approx(0.125, abs=1e-4)
    assert not any(isnan(number) for number in floats(summary))


def test_a_summary_is_one_number_a_key(judged: Judge) -> None:
    """As `dvc metrics` wants it."""
    summary = summarise(judged([QUANTILES], Evaluation()))
    assert all(value is None or isinstance(value, int | float) for value in summary.values())
