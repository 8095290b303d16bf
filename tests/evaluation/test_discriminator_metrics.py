"""What the trained discriminator says, and what it would say at match."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ganstudy.evaluation.judgement import discriminator_metrics
from ganstudy.losses.registry import LOSSES, make_loss
from ganstudy.metrics.registry import DISCRIMINATOR_METRICS
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

TERMS = ("discriminator", "discriminator_real", "discriminator_fake", "generator")
OF_PROBABILITY = {"minimax", "non_saturating", "smoothed", "one_sided", "mse"}
OF_SCORE = {"lsgan"}


@pytest.fixture
def runs_of(make_cell: Callable[..., Cell], make_runs: Callable[..., Runs]) -> Callable[..., Runs]:
    """`runs_of(loss, real=…, fake=…)`: two runs with these answers, `[runs, packs]`, to samples."""

    def made(loss: str, real: Any = ((0.0,), (0.0,)), fake: Any = ((0.0,), (0.0,)), **changes: Any) -> Runs:
        logits = {"logits_real": np.array(real, np.float32), "logits_fake": np.array(fake, np.float32)}
        return make_runs(make_cell(loss), np.zeros((2, 5, 1)), **logits, **changes)

    return made


def history(steps: int, points: int) -> pd.DataFrame:
    """Seeds 0 and 1; of seed 0 the losses are the step, of seed 1 a thousand more."""
    step = np.linspace(steps / points, steps, points).astype(int)
    seeds = [
        pd.DataFrame({"seed": seed, "step": step, **dict.fromkeys(TERMS, step + 1000.0 * seed)})
        for seed in (0, 1)
    ]
    return pd.concat(seeds, ignore_index=True)


@pytest.mark.parametrize(
    ("steps", "points", "average"),
    [
        (100, 100, np.mean(range(91, 101))),
        (1000, 100, np.mean(range(910, 1001, 10))),
        (100, 10, 100),
        (100, 4, 100),
        (7, 1, 7),
    ],
)
@pytest.mark.parametrize("term", TERMS)
def test_losses_are_averaged_over_the_last_tenth(
    term: str, steps: int, points: int, average: float, runs_of: Callable[..., Runs]
) -> None:
    runs = replace(runs_of("mse"), history=history(steps, points))
    assert discriminator_metrics(runs, 0)[term] == pytest.approx(average)
    assert discriminator_metrics(runs, 1)[term] == pytest.approx(average + 1000)


def test_a_replicas_losses_are_its_seeds(runs_of: Callable[..., Runs]) -> None:
    runs = replace(runs_of("mse"), history=history(10, 10), seeds=[1, 0])
    assert discriminator_metrics(runs, 0)["generator"] == 1010
    assert discriminator_metrics(runs, 1)["generator"] == 10


def test_the_brier_score_is_a_quarter_for_a_discriminator_that_cannot_tell(
    runs_of: Callable[..., Runs],
) -> None:
    assert discriminator_metrics(runs_of("non_saturating"), 0)["brier"] == 0.25
    score = runs_of("lsgan", real=((0.5,), (0.5,)), fake=((0.5,), (0.5,)))
    assert discriminator_metrics(score, 0)["brier"] == 0.25


def test_the_brier_score_by_hand(runs_of: Callable[..., Runs]) -> None:
    """log 3 is D = 3/4. Real: errors 1/4 and 1/2; fake: 3/4. Both halves weigh the same."""
    real, fake = ((np.log(3), 0.0), (50.0, 50.0)), ((np.log(3),), (-50.0,))
    runs = runs_of("minimax", real, fake)
    assert discriminator_metrics(runs, 0)["brier"] == pytest.approx(((1 / 16 + 1 / 4) / 2 + 9 / 16) / 2)
    assert discriminator_metrics(runs, 1)["brier"] == pytest.approx(0, abs=1e-12)


def test_least_squares_scores_are_clipped_to_probabilities(runs_of: Callable[..., Runs]) -> None:
    runs = runs_of("lsgan", real=((1.7, 9.0), (-1.0, 0.25)), fake=((-0.5, 0.0), (2.0, 0.5)))
    assert discriminator_metrics(runs, 0)["brier"] == 0
    # Real: errors 1 and 3/4; fake: 1 and 1/2.
    assert discriminator_metrics(runs, 1)["brier"] == pytest.approx((1 + 9 / 16 + 1 + 1 / 4) / 4)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_critic_of_free_scale_has_no_brier_score_and_the_reason_is_said(
    loss: str, runs_of: Callable[..., Runs]
) -> None:
    runs = runs_of(loss)
    target, reason = DISCRIMINATOR_METRICS["brier"].target(runs)
    if loss in OF_PROBABILITY | OF_SCORE:
        assert np.isfinite(discriminator_metrics(runs, 0)["brier"])
        assert target == pytest.approx(0.2525 if loss == "one_sided" else 0.25)
        assert reason is None
    else:
        assert np.isnan(discriminator_metrics(runs, 0)["brier"])
        assert target is None
        assert reason == "the critic's scale is free: it estimates no probability"


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("term", TERMS)
def test_a_loss_terms_target_is_its_value_at_match(
    term: str, loss: str, make_cell: Callable[..., Cell], runs_of: Callable[..., Runs]
) -> None:
    at_match = make_loss(make_cell(loss).settings).at_match
    expected = getattr(at_match, term.removeprefix("discriminator_"))
    target, reason = DISCRIMINATOR_METRICS[term].target(runs_of(loss))
    assert target == expected
    assert (reason is None) == (expected is not None)


def test_the_pretests_answers_are_told_of_each_run(runs_of: Callable[..., Runs]) -> None:
    answers = {"real": np.array([0.8, 0.7], np.float32), "noise": np.array([0.2, 0.3], np.float32)}
    found = discriminator_metrics(runs_of("mse", pretest=answers), 1)
    assert found["pretest_real"] == pytest.approx(0.7)
    assert found["pretest_noise"] == pytest.approx(0.3)
    assert not any(name.startswith("pretest") for name in discriminator_metrics(runs_of("mse"), 1))
