"""A cell's judgement: outcomes, what failed, and numbers that JSON can hold."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isnan
from typing import Any

import numpy as np
import pytest
from scipy import stats

from ganstudy.evaluation import judgement
from ganstudy.evaluation.judgement import judge_runs, summarise_cell, thresholds
from ganstudy.evaluation.two_sample import TEST_METRICS
from ganstudy.metrics.metric import INTERVAL_WIDTH, POINT
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import DISCRIMINATOR_METRICS, SAMPLE_METRICS
from ganstudy.study.evaluation import OUTCOMES, Evaluation
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

N = 200
QUANTILES = stats.norm.ppf((np.arange(N) + 0.5) / N)[:, None]
"""As near to N(0, 1) as N values can be."""
UNCERTAIN = INTERVAL_WIDTH * QUANTILES.std() / np.sqrt(N)
"""From their mean, and from their distance to a shifted Gaussian, to the upper end of the interval: 0.116."""
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
    make_cell: Callable[..., Cell],
    make_truth: Callable[[Cell], Truth],
    make_runs: Callable[..., Runs],
    judge_cell: Judge,
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
        return judge_cell(cell, change(make_runs(cell, generated)), make_truth(cell), evaluation)

    return made


def nan_weights(replica: int) -> Callable[[Runs], Runs]:
    def change(runs: Runs) -> Runs:
        weights = runs.weights["generator.1.weight"].copy()
        weights[replica, 0, 0] = np.nan
        return replace(runs, weights={"generator.1.weight": weights})

    return change


def outcomes(judged: dict[str, Any]) -> list[str]:
    return [run["outcome"] for run in judged["runs"]]


def test_a_run_ends_in_one_of_five_ways(judged: Judge) -> None:
    exact, off, point, lost = QUANTILES, QUANTILES + 0.5, 0.01 * QUANTILES, np.full((N, 1), np.nan)
    found = judged([exact, off, point, lost], tolerances(gaussian={"mean": 0.2, "std": 0.2}))
    assert outcomes(found) == ["matched", "off_target", "collapsed", "diverged"]
    assert {*outcomes(found), "undecided"} == set(OUTCOMES)


def test_failed_names_every_criterion_that_was_not_met(judged: Judge) -> None:
    evaluation = tolerances(gaussian={"mean": 0.25, "std": 0.2, "wasserstein": 0.4})
    found = judged([QUANTILES, QUANTILES + 0.2, QUANTILES + 1, 2 * QUANTILES - 3], evaluation)
    assert [run["failed"] for run in found["runs"]] == [
        [],
        ["mean"],
        ["mean", "wasserstein"],
        ["mean", "std", "wasserstein"],
    ]


def test_a_figure_without_tolerance_is_told_and_not_judged(judged: Judge) -> None:
    (run,) = judged([QUANTILES + 1], tolerances(gaussian={"std": 0.2}))["runs"]
    assert run["outcome"] == "matched"
    assert run["mean_error"] == pytest.approx(1)


@pytest.mark.parametrize(("slack", "outcome"), [(1e-4, "matched"), (-1e-4, "off_target")])
@pytest.mark.parametrize("metric", ["mean", "wasserstein"])
def test_a_tolerance_is_the_greatest_error_that_the_samples_leave_room_for(
    metric: str, slack: float, outcome: str, judged: Judge
) -> None:
    found = judged([QUANTILES + 0.5], tolerances(gaussian={metric: 0.5 + UNCERTAIN + slack}))
    (run,) = found["runs"]
    assert run[f"{metric}_error"] == pytest.approx(0.5, abs=1e-5)
    assert run[f"{metric}_error_bound"] == pytest.approx(0.5 + UNCERTAIN, abs=2e-5)
    assert run["outcome"] == outcome


@pytest.mark.parametrize(("repeated", "outcome"), [(1, "off_target"), (4, "matched")])
def test_what_too_few_samples_cannot_show_has_not_matched(repeated: int, outcome: str, judged: Judge) -> None:
    """The mean is right to the last digit, but of 200 values it might be off by 0.116; of 800 by half."""
    (run,) = judged([np.tile(QUANTILES, (repeated, 1))], tolerances(gaussian={"mean": 0.1}))["runs"]
    assert run["mean_error"] < 1e-5
    assert run["mean_error_bound"] == pytest.approx(UNCERTAIN / np.sqrt(repeated), abs=1e-5)
    assert run["outcome"] == outcome


@pytest.mark.parametrize(("k", "outcome"), [(2.1, "off_target"), (6.0, "matched")])
def test_a_tolerance_may_be_told_in_floors(k: float, outcome: str, judged: Judge) -> None:
    found = judged([QUANTILES + 0.3], tolerances(gaussian={"mean": {"floors": k}}))
    about, (run,) = found["metrics"]["mean"], found["runs"]
    assert about["tolerance"] == pytest.approx(k * about["floor"], rel=1e-5)
    assert about["floor"] == pytest.approx(0.14, abs=0.03)  # 1.96 / √200
    assert run["outcome"] == outcome


@pytest.mark.parametrize(("slack", "outcome"), [(-1e-3, "matched"), (1e-3, "off_target")])
def test_of_shares_it_is_the_least_that_passes(slack: float, outcome: str, judged: Judge) -> None:
    samples = [[INSIDE, INSIDE, INSIDE, OUTSIDE] * 5]
    lower = 0.75 - INTERVAL_WIDTH * np.sqrt(0.75 * 0.25 / 20)
    found = judged(samples, tolerances(pattern_1010={"inside": lower + slack}), source=PATTERN)
    assert found["runs"][0]["inside"] == 0.75
    assert outcomes(found) == [outcome]


@pytest.mark.parametrize(("tolerance", "outcome"), [(1, "matched"), (0, "off_target")])
def test_a_mode_that_few_samples_meet_may_be_missing_in_the_next_ones(
    tolerance: int, outcome: str, judged: Judge
) -> None:
    """Met once, it is missed by another draw with probability 1/e."""
    mode = np.concatenate([np.arange(N - 1) % 7, [7]])
    samples = [np.stack([np.cos(np.pi * mode / 4), np.sin(np.pi * mode / 4)], axis=1)]
    found = judged(
        samples, tolerances(ring={"modes_missing": tolerance}), source={"name": "ring", "samples": 10}
    )
    assert (found["runs"][0]["modes_missing"], found["runs"][0]["modes_missing_error_bound"]) == (0, 1)
    assert outcomes(found) == [outcome]


@pytest.mark.parametrize("metric", ["c2st_accuracy", "jensen_shannon"])
def test_a_run_may_be_judged_by_a_discriminator_trained_afresh(
    metric: str, make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth], make_runs: Any
) -> None:
    cell = make_cell(source={"name": "gaussian", "samples": 1000})
    truth = make_truth(cell)
    evaluation = Evaluation.model_validate(
        {
            "tolerances": {"gaussian": {metric: 0.2}},
            "two_sample_test": {"hidden": [16], "passes": 40, "lr": 0.01},
        }
    )
    of_no_others = {name: {"target": None, "floor": None, "reason": "left out"} for name in SAMPLE_METRICS}
    of_fresh = {name: {"target": 0.0, "floor": 0.1, "reason": None} for name in TEST_METRICS}
    limits = thresholds(evaluation.tolerance(cell.recipe), of_no_others | of_fresh)
    samples = truth.draw(np.random.default_rng(0), 1000)
    rows = judge_runs(cell, make_runs(cell, [samples, samples + 5]), truth, evaluation, limits)
    assert [row["failed"] for row in rows] == [[], [metric]]
    assert rows[1]["c2st_accuracy"] > 0.95
    assert rows[1]["jensen_shannon"] > 0.5
    assert rows[1]["c2st_p_value"] < 1e-9 < rows[0]["c2st_p_value"]


def test_a_run_without_numbers_is_not_shown_to_fresh_discriminators(
    judged: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = []

    def two_sample_metrics(probe: Any, seeds: Any, samples: Any, truth: Truth) -> list[dict[str, Any]]:
        shown.append((list(seeds), samples))
        return [{"c2st_passes": seed} for seed in seeds]

    monkeypatch.setattr(judgement, "two_sample_metrics", two_sample_metrics)
    generated = np.stack([np.full_like(QUANTILES, np.nan), QUANTILES, QUANTILES + 1, QUANTILES + 2])
    found = judged(generated, tolerances(gaussian={"mean": 0.2}), change=nan_weights(2))
    ((seeds, samples),) = shown
    assert seeds == [1, 3]
    np.testing.assert_array_equal(samples, generated[[1, 3]].astype(np.float32))
    assert [run.get("c2st_passes") for run in found["runs"]] == [None, 1, None, 3]
    shown.clear()
    judged(generated[:1], tolerances(gaussian={"mean": 0.2}))
    assert shown == []


@pytest.mark.parametrize(
    ("source", "dims"),
    [({"name": "gaussian", "samples": 300}, 1), ({"name": "ring", "samples": 300}, 2), ("digits", 64)],
)
@pytest.mark.parametrize("size", [1e20, 3e38])
def test_enormous_samples_have_not_matched_and_are_no_error(
    source: Any, dims: int, size: float, judged: Judge
) -> None:
    """The greatest number there is, is a number; its square is none to the networks."""
    samples = np.random.default_rng(0).standard_normal((2, 300, dims))
    samples[0] = size * np.sign(samples[0])
    with np.errstate(over="ignore", invalid="ignore"):
        found = judged(samples, Evaluation(), source=source)
    assert outcomes(found)[0] != "matched"
    assert "wasserstein" in found["runs"][0]["failed"]
    assert found["runs"][1]["c2st_brier"] is not None
    json.dumps(found, allow_nan=False)


def test_a_runs_row_is_its_own_whatever_other_runs_there_are(judged: Judge) -> None:
    generated = [QUANTILES, QUANTILES + 1, np.full_like(QUANTILES, np.inf), 3 * QUANTILES, 0 * QUANTILES]
    evaluation = tolerances(gaussian={"mean": 0.2})
    together = judged(generated, evaluation)["runs"]
    for replicas in ([0], [3], [1, 4], [4, 2, 0]):
        part = judged(
            [generated[replica] for replica in replicas],
            evaluation,
            change=lambda runs, replicas=replicas: replace(
                runs, seeds=replicas, history=runs.history.assign(seed=replicas)
            ),
        )
        assert part["runs"] == [together[replica] for replica in replicas]


def test_a_run_that_diverged_is_kept_counted_and_has_no_metrics(judged: Judge) -> None:
    samples = np.stack([QUANTILES, QUANTILES, QUANTILES])
    samples[1, 7] = np.inf
    found = judged(samples, tolerances(gaussian={"mean": 0.2}), change=nan_weights(2))
    assert outcomes(found) == ["matched", "diverged", "diverged"]
    for run in found["runs"][1:]:
        assert run["failed"] == []
        assert all(run[name] is None for name in ("mean", "std", "wasserstein", "coverage", "c2st_brier"))
        assert run["generator"] == 0.5  # what its losses were is told all the same
    summary = summarise_cell(found)
    assert (summary["runs"], summary["matched"], summary["diverged"]) == (3, 1, 2)
    assert summary["success_rate"] == pytest.approx(1 / 3, abs=1e-6)
    assert summary["mean"] == pytest.approx(0, abs=1e-6)


def test_a_cell_whose_every_run_diverged_has_a_summary(judged: Judge) -> None:
    lost = judged(np.full((2, N, 1), np.nan), tolerances(gaussian={"mean": 0.1}))
    summary = summarise_cell(lost)
    assert (summary["diverged"], summary["success_rate"]) == (2, 0)
    assert summary["mean"] is None
    json.dumps(summary, allow_nan=False)


def test_a_collapsed_run_has_not_matched_whatever_the_tolerances_say_nothing_of(judged: Judge) -> None:
    found = judged([0.01 * QUANTILES], tolerances(gaussian={"mean": 0.1}))
    assert outcomes(found) == ["collapsed"]
    assert found["runs"][0]["failed"] == []


@pytest.mark.parametrize(("share", "outcome"), [(0.24, "collapsed"), (0.26, "off_target")])
def test_a_run_has_collapsed_below_the_share_of_spread_that_params_say(
    share: float, outcome: str, judged: Judge
) -> None:
    evaluation = Evaluation.model_validate(
        {"tolerances": {"gaussian": {"std": 0.2}}, "collapsed_spread": 0.25}
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


def test_without_tolerances_distance_density_and_coverage_may_be_so_many_floors(judged: Judge) -> None:
    evaluation = Evaluation.model_validate({"floors": 3.0})
    source = {"name": "gaussian", "samples": 1000}
    about = judged([QUANTILES], evaluation, source=source)["metrics"]
    for name in ("wasserstein", "coverage"):
        assert about[name]["tolerance"] == pytest.approx(3 * about[name]["floor"], rel=1e-5)
    judged_by = [name for name, of in about.items() if of["tolerance"] is not None]
    assert judged_by == ["wasserstein", "density", "coverage"]
    limit = about["wasserstein"]["tolerance"] - UNCERTAIN
    perfect = np.random.default_rng(0).normal(size=(N, 1))
    repeating = np.tile(QUANTILES[5::10], (10, 1))
    generated = [QUANTILES + 0.98 * limit, QUANTILES + 1.02 * limit, perfect, repeating]
    found = judged(generated, evaluation, source=source)["runs"]
    assert ["wasserstein" in run["failed"] for run in found] == [False, True, False, False]
    # Twenty points, each ten times, are near enough on average, but most real ones have no neighbour.
    assert ["coverage" in run["failed"] for run in found[2:]] == [False, True]


def test_images_are_besides_judged_by_their_frechet_distance(judged: Judge) -> None:
    samples = np.random.default_rng(0).standard_normal((1, 300, 64))
    found = judged(samples, Evaluation(), source="digits")
    tolerances = {name: about["tolerance"] for name, about in found["metrics"].items()}
    by_default = {"wasserstein", "density", "coverage", "frechet"}
    assert {name for name, it in tolerances.items() if it} == by_default
    assert set(found["runs"][0]["failed"]) == by_default


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


@pytest.mark.parametrize(
    "name", ["std", "skew", "kurtosis", "wasserstein", "ks", "energy", "coverage", "jensen_shannon"]
)
def test_a_constant_generator_has_no_spread_or_shape_and_the_reason_is_said(
    name: str, of_a_point: dict[str, Any]
) -> None:
    about = of_a_point["metrics"][name]
    assert about == {"target": None, "floor": None, "tolerance": None, "reason": POINT}
    assert all(name not in run and f"{name}_error" not in run for run in of_a_point["runs"])
    assert name not in summarise_cell(of_a_point)


def test_every_figure_stands_beside_target_floor_tolerance_and_reason(judged: Judge) -> None:
    found = judged([QUANTILES], tolerances(gaussian={"mean": 0.1}))
    assert set(found["metrics"]) == set(SAMPLE_METRICS) | set(TEST_METRICS) | set(DISCRIMINATOR_METRICS)
    for about in found["metrics"].values():
        assert set(about) == {"target", "floor", "tolerance", "reason"}
        assert (about["target"] is None) == (about["reason"] is not None)
    assert found["samples"] == N
    assert found["held_out"] == 10
    assert found["metrics"]["std"]["target"] == 1
    assert found["metrics"]["mean"]["tolerance"] == 0.1


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
    pretest = {"real": np.full(3, np.nan, np.float32), "noise": np.full(3, 1 / 3, np.float32)}
    found = judged(
        samples,
        Evaluation(),
        source=source,
        loss=loss,
        change=lambda runs: replace(runs, pretest=pretest, logits_fake=runs.logits_fake + np.float32(1 / 3)),
    )
    for content in (found, summarise_cell(found)):
        assert json.loads(json.dumps(content, allow_nan=False)) == content
        for number in floats(content):
            assert number == float(f"{number:.6g}")


def test_a_summary_counts_outcomes_and_averages_the_middle_half(judged: Judge) -> None:
    shifts = [0.0, 0.05, 0.2, 9.0]
    found = judged([QUANTILES + shift for shift in shifts], tolerances(gaussian={"mean": 0.2}))
    summary = summarise_cell(found)
    assert {outcome: summary[outcome] for outcome in OUTCOMES} == {
        "matched": 2,
        "undecided": 0,
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
    summary = summarise_cell(judged([QUANTILES], Evaluation()))
    assert all(value is None or isinstance(value, int | float) for value in summary.values())
