"""No match without evidence: whatever the sizes, a generator that has learnt nothing does not match."""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganstudy.evaluation.evidence import TRIVIAL, trivial_passes
from ganstudy.evaluation.floors import DRAWS, score, targets_and_floors
from ganstudy.evaluation.judgement import judge, judge_runs, thresholds
from ganstudy.metrics.reference import Truth
from ganstudy.sources.moments import empirical_moments
from ganstudy.study.evaluation import Evaluation
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

FUZZ = int(os.environ.get("GANSTUDY_FUZZ", "1"))
"""How many times as many examples as usual."""
Judged = Callable[..., dict[str, Any]]
TWO_SAMPLE_TEST = {"hidden": [4], "passes": 1}

DATA: dict[str, Callable[[np.random.Generator, int, int], Any]] = {
    "waiting times": lambda rng, n, dims: rng.exponential(size=(n, dims)),
    "two groups": lambda rng, n, dims: rng.choice([-1, 1], (n, 1)) + 0.2 * rng.standard_normal((n, dims)),
    "a line": lambda rng, n, dims: rng.standard_normal((n, 1)) + 0.1 * rng.exponential(size=(n, dims)),
    "heavy tails": lambda rng, n, dims: rng.standard_t(3, (n, dims)),
    "whole numbers": lambda rng, n, dims: rng.poisson(2, (n, dims)),
}


def truth_of(rows: Any, held_out: int) -> Truth:
    """Of a table with these rows, of which so many are held out, standardised by the others."""
    apart, kept = rows[:held_out], rows[held_out:]
    mean, std = kept.mean(axis=0), kept.std(axis=0)
    apart, train = (((part - mean) / std).astype(np.float32) for part in (apart, kept))
    return Truth(
        moments=empirical_moments(apart),
        train=train,
        held_out=apart,
        draw=lambda rng, n: train[rng.integers(len(train), size=n)],
        is_image=False,
    )


@pytest.fixture(scope="module")
def judged(make_cell: Callable[..., Cell], make_runs: Callable[..., Runs]) -> Judged:
    """`judged(truth, samples, source=…, **evaluation)`: judge runs of these samples `[runs, n, dims]` as the
    stages do, from floors to outcomes."""

    def made(truth: Truth, samples: Any, source: str = "gaussian", **settings: Any) -> dict[str, Any]:
        samples = np.asarray(samples, np.float32)
        evaluation = Evaluation.model_validate({"two_sample_test": TWO_SAMPLE_TEST, **settings})
        cell = make_cell(source=source, samples=samples.shape[1])
        recipe = cell.recipe
        found = targets_and_floors(
            truth, recipe, evaluation, [score(truth, recipe, evaluation, range(DRAWS))]
        )
        limits = thresholds(evaluation.tolerance(cell.recipe), found["metrics"])
        runs = make_runs(cell, samples)
        rows = judge_runs(cell, runs, truth, evaluation, limits)
        return judge(cell, runs, truth, limits, rows, found["trivial"])

    return made


def learnt_nothing(truth: Truth, n: int, seed: int) -> dict[str, Any]:
    """Samples `[n, dims]` of generators that have learnt nothing, or hardly anything."""
    rng, dims = np.random.default_rng(seed), truth.train.shape[1]
    return {
        "normal noise": rng.standard_normal((n, dims)),
        "uniform noise": rng.random((n, dims)),
        "the mean": np.tile(truth.train.mean(axis=0), (n, 1)),
        "a training sample": np.tile(truth.train[seed % len(truth.train)], (n, 1)),
        "an untrained network": np.tanh(rng.standard_normal((n, 4)) @ (0.2 * rng.standard_normal((4, dims)))),
    }


@settings(max_examples=30 * FUZZ, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(DATA)),
    rows=st.integers(10, 400),
    share=st.floats(0.05, 0.9),
    n=st.sampled_from([10, 11, 15, 30, 100, 300]),
    dims=st.integers(1, 3),
    seed=st.integers(0, 1000),
)
def test_a_generator_that_has_learnt_nothing_never_matches(
    kind: str, rows: int, share: float, n: int, dims: int, seed: int, judged: Judged
) -> None:
    table = DATA[kind](np.random.default_rng(seed), rows, dims)
    held_out = min(max(2, round(share * rows)), rows - 2)
    if (table[held_out:].std(axis=0) == 0).any():
        return  # refused before it comes to judging
    truth = truth_of(table, held_out)
    wrong = learnt_nothing(truth, n, seed)
    found = judged(truth, list(wrong.values()))
    outcomes = dict(zip(wrong, (run["outcome"] for run in found["runs"]), strict=True))
    assert "matched" not in outcomes.values(), (outcomes, found["trivial_passes"])


def test_forty_rows_and_ten_samples_leave_it_undecided(judged: Judged) -> None:
    rng = np.random.default_rng(0)
    truth = truth_of(rng.normal(size=(40, 2)), 8)
    found = judged(truth, [truth.draw(rng, 10), truth.draw(rng, 10)])
    assert {run["outcome"] for run in found["runs"]} == {"undecided"}
    assert set(found["trivial_passes"]) == set(TRIVIAL)


def test_with_samples_enough_a_right_generator_matches(judged: Judged) -> None:
    rng = np.random.default_rng(0)
    table = DATA["two groups"](rng, 3000, 2)
    truth = truth_of(table, 1000)
    found = judged(truth, [truth.draw(rng, 2000)])
    assert found["trivial_passes"] == []
    assert found["runs"][0]["outcome"] == "matched"


def test_tolerances_that_noise_meets_decide_nothing_whatever_the_number_of_samples(judged: Judged) -> None:
    rng = np.random.default_rng(0)
    truth = truth_of(DATA["two groups"](rng, 3000, 2), 1000)
    found = judged(truth, [truth.draw(rng, 2000)], tolerances={"gaussian": {"wasserstein": 5.0}})
    assert found["runs"][0]["outcome"] == "undecided"
    assert set(found["trivial_passes"]) == set(TRIVIAL)


def test_noise_is_no_trivial_generator_of_the_same_noise(judged: Judged) -> None:
    rng = np.random.default_rng(0)
    truth = truth_of(rng.standard_normal((3000, 1)), 1000)
    found = judged(truth, [rng.standard_normal((2000, 1))])
    assert found["trivial_passes"] == []
    assert found["runs"][0]["outcome"] == "matched"


@pytest.mark.parametrize(
    ("error", "passes"), [(None, True), (0.0, True), (1.0, True), (1.49, True), (1.5, False), (9.0, False)]
)
def test_a_trivial_generator_passes_until_an_error_is_well_above_its_tolerance(
    error: float | None, passes: bool
) -> None:
    limits = {
        "wasserstein": {"target": 0.0, "tolerance": 1.0},
        "mean": {"target": 0.0, "tolerance": None},
    }
    trivial = {"noise": {"wasserstein": error, "mean": 100.0}}
    assert trivial_passes(trivial, limits) == (["noise"] if passes else [])


def test_of_a_least_share_the_room_below_the_target_is_what_is_allowed() -> None:
    limits = {"high_quality": {"target": 0.98, "tolerance": 0.5}}
    assert trivial_passes({"noise": {"high_quality": 0.73}}, limits) == []
    assert trivial_passes({"noise": {"high_quality": 0.71}}, limits) == ["noise"]
