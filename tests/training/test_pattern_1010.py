"""The four-value pattern GAN does what it is known to do, measured over 2,000 seeds of the plain program:
97.6 % end inside the real box, D's loss per term has the median 0.2605 and lies within 0.24 to 0.28 in 95.0 %
of the runs, and the lone discriminator answers 0.75 to 0.83 to real samples and 0.15 to 0.25 to noise."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ganstudy.study.loading import load
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

STUDY = Path(__file__).parents[2] / "params.yaml"
SEEDS = range(200)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cell() -> Cell:
    return load(STUDY).cell("pattern_1010", "mse")


@pytest.fixture(scope="module")
def runs(cell: Cell, train_cell: Callable[..., Runs]) -> Runs:
    return train_cell(cell, SEEDS)


def test_the_generator_learns_the_pattern(runs: Runs) -> None:
    points = runs.samples[:, 0]
    inside = (points >= [0.8, 0, 0.8, 0]) & (points <= [1, 0.2, 1, 0.2])
    assert inside.all(axis=1).mean() >= 0.94


def test_the_discriminators_loss_settles_a_little_above_chance(cell: Cell, runs: Runs) -> None:
    """A discriminator that answers one half has a squared error of 0.25 on either kind of sample."""
    late = runs.history[runs.history["step"] > 0.9 * cell.recipe.steps]
    terms = late[["discriminator_real", "discriminator_fake"]].mean(axis=1)
    per_run = terms.groupby(late["seed"]).mean()
    assert len(per_run) == len(SEEDS)
    assert per_run.between(0.24, 0.28).mean() >= 0.90
    assert 0.255 < per_run.median() < 0.266


def test_a_lone_discriminator_tells_the_pattern_from_noise(runs: Runs) -> None:
    assert runs.pretest is not None
    real, noise = np.median(runs.pretest["real"]), np.median(runs.pretest["noise"])
    assert 0.75 < real < 0.83
    assert 0.15 < noise < 0.25
