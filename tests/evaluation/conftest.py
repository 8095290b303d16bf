"""Runs made by hand, so that a test knows what should be found in them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ganstudy.evaluation.floors import DRAWS, score, targets_and_floors
from ganstudy.evaluation.judgement import judge, judge_runs, thresholds
from ganstudy.losses.registry import make_loss
from ganstudy.metrics.classifier import Classifier, unclassifiable
from ganstudy.metrics.reference import Truth
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.evaluation import Evaluation, TwoSampleTest
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

QUICKLY = Evaluation(two_sample_test=TwoSampleTest(hidden=(4,), passes=1))
"""Takes no time, and learns next to nothing."""


@pytest.fixture(scope="session")
def make_runs() -> Callable[..., Runs]:
    """`make_runs(cell, samples)`: finished runs of the cell that generated `samples`, `[runs, n, dims]`, with
    an undecided discriminator, and whatever should be otherwise."""

    def made(cell: Cell, samples: Any, **changes: Any) -> Runs:
        samples = np.asarray(samples, np.float32)
        n, loss = len(samples), make_loss(cell.settings)
        terms = ("discriminator_real", "discriminator_fake", "discriminator", "penalty", "generator")
        runs = Runs(
            seeds=list(range(n)),
            history=pd.DataFrame({"seed": range(n), "step": 1, **dict.fromkeys(terms, 0.5)}),
            samples=samples,
            evolution=samples[:, None, :1],
            evolution_steps=[1],
            logits_real=np.zeros((n, 4), np.float32),
            logits_fake=np.zeros((n, 4), np.float32),
            weights={"generator.1.weight": np.ones((n, 2, 2), np.float32)},
            loss={
                "paper": loss.paper,
                "at_match": loss.at_match._asdict(),
                "brier_of": loss.brier_of,
            },
            update="joint",
            pretest=None,
        )
        return replace(runs, **changes)

    return made


@pytest.fixture(scope="session")
def make_truth() -> Callable[..., Truth]:
    """`make_truth(cell, classified=True)`: what the cell's generators are compared with, labelled images with
    a classifier unless told otherwise."""
    classifiers: dict[str, Classifier] = {}

    def made(cell: Cell, classified: bool = True) -> Truth:
        source = make_source(cell.recipe.source)
        prepared = Prepared.of(source)
        if not classified or unclassifiable(prepared):
            return Truth.of(source, prepared)
        data = prepared.description["sha256"]
        if data not in classifiers:
            classifiers[data] = Classifier.of(prepared)
        return Truth.of(source, prepared, classifiers[data])

    return made


@pytest.fixture(scope="session")
def floors_of() -> Callable[[Cell, Truth, int], dict[str, Any]]:
    """`floors_of(cell, truth, n)`: every metric's target and floor of so many samples; those of fresh
    discriminators are of ones that learn next to nothing."""
    known: dict[Any, dict[str, Any]] = {}

    def of(cell: Cell, truth: Truth, n: int) -> dict[str, Any]:
        recipe = cell.recipe.model_copy(update={"samples": n})
        key = (truth.held_out.tobytes(), truth.classifier is None, recipe.source, recipe.noise, n)
        if key not in known:
            known[key] = targets_and_floors(
                truth, recipe, QUICKLY, [score(truth, recipe, QUICKLY, range(DRAWS))]
            )["metrics"]
        return known[key]

    return of


@pytest.fixture(scope="session")
def judge_cell(
    floors_of: Callable[[Cell, Truth, int], dict[str, Any]],
) -> Callable[[Cell, Runs, Truth, Evaluation], dict[str, Any]]:
    """`judge_cell(cell, runs, truth, evaluation)`: as the stages do it, from floors to judgement, but for the
    fresh discriminators, which learn next to nothing, and whether trivial generators would pass."""

    def judged(cell: Cell, runs: Runs, truth: Truth, evaluation: Evaluation) -> dict[str, Any]:
        evaluation = evaluation.model_copy(update={"two_sample_test": QUICKLY.two_sample_test})
        limits = thresholds(evaluation.tolerance(cell.recipe), floors_of(cell, truth, runs.samples.shape[1]))
        return judge(cell, runs, truth, limits, judge_runs(cell, runs, truth, evaluation, limits), {})

    return judged
