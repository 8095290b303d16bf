"""The lone discriminator's test before the gan."""

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import torch
from torch import nn

from ganstudy.core.random import generator as random_stream
from ganstudy.training.batches import Batch, BatchSampler
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs
from ganstudy.training.train_step import GanTrainer

TrainCell = Callable[..., Runs]
SEEDS = [5, 2, 9]


def test_it_follows_the_plain_program(
    make_cell: Callable[..., Cell],
    make_trainer: Callable[..., tuple[GanTrainer, BatchSampler]],
    steps: Callable[[BatchSampler], Iterator[Batch]],
    train_cell: TrainCell,
) -> None:
    """Real samples against U(0, 1) noise, a step on each, then the mean answer to 200 fresh batches."""
    cell = make_cell(
        "mse",
        source="pattern_1010",
        discriminator={"hidden": [3], "activations": "sigmoid"},
        optimizer={"name": "sgd", "lr": 0.5},
        batch=1,
        steps=1,
        update="real_then_fake",
        discriminator_pretest=60,
    )
    found = train_cell(cell, SEEDS).pretest
    assert found is not None
    for replica, seed in enumerate(SEEDS):
        gan, draws = make_trainer(cell, [seed])
        initial = gan.discriminator.initial([seed])
        D = nn.Sequential(nn.Linear(4, 3), nn.Sigmoid(), nn.Linear(3, 1), nn.Sigmoid())
        with torch.no_grad():
            for i in (0, 1):
                D[2 * i].weight.copy_(initial[f"{i}.weight"][0].T)
                D[2 * i].bias.copy_(initial[f"{i}.bias"][0, 0])
        optimizer = torch.optim.SGD(D.parameters(), lr=0.5)
        noise = np.concatenate(
            [
                random_stream(seed, "warm_up", block).random((draws.block, 4), dtype=np.float32)
                for block in range(-(-260 // draws.block))
            ]
        )
        answers = []
        for i, batch in enumerate(islice(steps(draws), 260)):
            pair = batch.real[0, 0, 0], torch.from_numpy(noise[i : i + 1])
            if i < 60:
                for x, target in zip(pair, (1.0, 0.0), strict=True):
                    optimizer.zero_grad()
                    nn.functional.mse_loss(D(x), torch.full((1, 1), target)).backward()
                    optimizer.step()
            else:
                answers.append([D(x).item() for x in pair])
        real, fake = np.mean(answers, axis=0)
        np.testing.assert_allclose([found["real"][replica], found["noise"][replica]], [real, fake], rtol=1e-4)


def test_it_tells_whether_the_discriminator_can_learn_at_all(
    make_cell: Callable[..., Cell], train_cell: TrainCell
) -> None:
    """N(4, 1.25) against U(0, 1): easy, but not in no time."""
    before, after = (
        train_cell(make_cell("non_saturating", discriminator_pretest=n, steps=1), SEEDS).pretest
        for n in (1, 500)
    )
    assert before is not None
    assert after is not None
    assert after["real"].shape == after["noise"].shape == (3,)
    assert (after["real"] > 0.9).all()
    assert (after["noise"] < 0.1).all()
    assert (abs(before["real"] - before["noise"]) < 0.5).all()


def test_training_does_not_notice_it(make_cell: Callable[..., Cell], train_cell: TrainCell) -> None:
    without, with_it = (train_cell(make_cell("smoothed", discriminator_pretest=n), SEEDS) for n in (0, 25))
    assert without.pretest is None
    assert with_it.pretest is not None
    for name, value in without.weights.items():
        np.testing.assert_array_equal(value, with_it.weights[name])
    assert without.history.equals(with_it.history)


def test_it_serves_losses_with_a_penalty_and_packs_as_well(
    make_cell: Callable[..., Cell], train_cell: TrainCell
) -> None:
    discriminator = {"hidden": [5], "pack": 2, "features": "differences"}
    for loss in ("dragan", "r3gan"):
        tried = train_cell(
            make_cell(loss, discriminator_pretest=5, discriminator=discriminator), SEEDS
        ).pretest
        assert tried is not None
        assert np.isfinite([tried["real"], tried["noise"]]).all()
