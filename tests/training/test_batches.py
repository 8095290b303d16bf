"""The random numbers of a gan are functions of the seed and the block."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor

from ganstudy.losses.registry import LOSSES
from ganstudy.sources.stream import Shuffled
from ganstudy.training.batches import Batch, BatchSampler
from ganstudy.training.cell import Cell
from ganstudy.training.train_step import GanTrainer

LOSSES_WITH_NOISE: dict[str, dict[str, Any]] = {
    "none": {"loss": "mse"},
    "labels": {"loss": "smoothed"},
    "fixed labels": {"loss": "smoothed", "labels": "fixed"},
    "segments": {"loss": "wgan_gp"},
    "perturbations": {"loss": "dragan", "perturbation": "normal"},
}
with_any_noise = pytest.mark.parametrize("loss", LOSSES_WITH_NOISE.values(), ids=LOSSES_WITH_NOISE)


def stacked(draws: BatchSampler, block: int) -> dict[str, Tensor]:
    """All of a block's numbers, `[steps, updates, …]`."""
    drawn = list(draws.of_block(block))
    return {
        field.name: torch.stack([getattr(batch, field.name) for batch in drawn])
        for field in fields(Batch)
        if getattr(drawn[0], field.name) is not None
    }


def lane_of(name: str, values: Tensor, replica: int) -> Tensor:
    """One replica's share of what `stacked` gave; labels have an axis for real and generated before it."""
    return values.select(3 if name == "labels" else 2, replica)


@with_any_noise
def test_a_block_is_the_same_whenever_it_is_asked_for(
    loss: dict[str, Any], lone_draws: Callable[..., BatchSampler]
) -> None:
    draws = lone_draws(loss, [0, 7])
    first, _, again = stacked(draws, 2), stacked(draws, 0), stacked(draws, 2)
    assert set(first) == set(again)
    for name, values in first.items():
        assert torch.equal(values, again[name])


@with_any_noise
def test_a_seeds_numbers_are_its_own_whatever_the_batch_composition(
    loss: dict[str, Any], lone_draws: Callable[..., BatchSampler]
) -> None:
    seeds = [5, 2, 9]
    together = stacked(lone_draws(loss, seeds), 1)
    for replica, seed in enumerate(seeds):
        alone = stacked(lone_draws(loss, [seed]), 1)
        for name, values in together.items():
            if values.numel():
                assert torch.equal(lane_of(name, values, replica), lane_of(name, alone[name], 0))


@pytest.mark.parametrize("name", LOSSES)
def test_all_losses_meet_the_same_data_and_noise(
    name: str,
    lone_draws: Callable[..., BatchSampler],
    make_trainer: Callable[..., Any],
    make_cell: Callable[..., Cell],
) -> None:
    one, other = stacked(lone_draws("mse", [3]), 1), stacked(lone_draws(name, [3]), 1)
    assert torch.equal(one["real"], other["real"])
    assert torch.equal(one["noise"], other["noise"])
    trainers: list[GanTrainer] = [make_trainer(make_cell(loss), [3])[0] for loss in ("mse", name)]
    assert torch.equal(trainers[0].g.flat, trainers[1].g.flat)
    assert torch.equal(trainers[0].d.flat, trainers[1].d.flat)


@with_any_noise
def test_numbers_are_not_used_twice(loss: dict[str, Any], lone_draws: Callable[..., BatchSampler]) -> None:
    draws = lone_draws(loss, [0, 1], discriminator_steps=2, generator_steps=2)
    both = [stacked(draws, block) for block in range(2)]
    for name in both[0]:
        if name == "labels" and loss.get("labels") == "fixed":
            continue
        met = torch.cat([block[name].flatten() for block in both])
        # Single precision makes a few coincide.
        assert met.unique().numel() >= 0.99 * met.numel()


def test_a_step_holds_what_its_updates_need(lone_draws: Callable[..., BatchSampler]) -> None:
    discriminator = {"hidden": [3], "pack": 4}
    recipe = {"source": "ring", "batch": 5, "discriminator_steps": 2, "generator_steps": 3}
    seeds = [0, 1, 2]
    smoothed = next(lone_draws("smoothed", seeds, discriminator=discriminator, **recipe).of_block(0))
    assert smoothed.real.shape == (2, 3, 5, 4, 2)
    assert smoothed.noise.shape == (5, 3, 5 * 4, 3)
    assert smoothed.labels.shape == (5, 2, 3, 5)
    assert smoothed.penalty.shape == (2, 3, 0)
    wgan_gp = next(lone_draws("wgan_gp", seeds, discriminator=discriminator, **recipe).of_block(0))
    assert wgan_gp.penalty.shape == (2, 3, 5, 1, 1)
    dragan = next(lone_draws("dragan", seeds, discriminator=discriminator, **recipe).of_block(0))
    assert dragan.penalty.shape == (2, 3, 5, 4, 2)
    assert next(lone_draws("r3gan", seeds, **recipe).of_block(0)).penalty.numel() == 0


@pytest.mark.parametrize(
    "recipe", [{}, {"source": "digits", "batch": 64}, {"noise": {"name": "normal", "size": 999}}]
)
def test_how_long_a_block_is_does_not_depend_on_the_batch_composition(
    recipe: dict[str, Any], lone_draws: Callable[..., BatchSampler]
) -> None:
    alone, together = lone_draws("mse", [0], **recipe), lone_draws("mse", range(5), **recipe)
    assert alone.block == together.block == len(list(alone.of_block(0)))
    assert alone.block > 1


def test_labels_per_batch_are_uniform_and_always_new(lone_draws: Callable[..., BatchSampler]) -> None:
    labels = stacked(lone_draws({"loss": "smoothed", "labels": "per_batch"}, [0, 1]), 0)["labels"]
    assert stats.kstest(labels.flatten().numpy(), "uniform").pvalue > 1e-3
    assert labels.unique().numel() > 0.99 * labels.numel()


def test_fixed_labels_are_those_of_the_first_batch_for_ever(lone_draws: Callable[..., BatchSampler]) -> None:
    draws = lone_draws({"loss": "smoothed", "labels": "fixed"}, [0, 1], discriminator_steps=2)
    drawn = [stacked(draws, block)["labels"] for block in (0, 3)]
    first = drawn[0][0, 0]
    for labels in drawn:
        assert torch.equal(labels, first.expand_as(labels))
    # Each example, seed and kind of sample has a label of its own all the same.
    assert first.unique().numel() == first.numel() == 2 * 2 * 8
    assert (first >= 0).all()
    assert (first < 1).all()


def test_a_data_set_is_passed_over_once_an_epoch(
    make_cell: Callable[..., Cell],
    make_trainer: Callable[..., tuple[GanTrainer, BatchSampler]],
    steps: Callable[[BatchSampler], Iterator[Batch]],
) -> None:
    gan, _ = make_trainer(make_cell(batch=6, discriminator_steps=2), [0, 4])
    samples = np.arange(36, dtype=np.float32)[:, None]
    recipe = gan.recipe
    draws = BatchSampler(
        recipe, gan.generator, gan.loss, Shuffled(samples), (1,), [0, 4], torch.device("cpu")
    )
    # Three steps of two batches of six make an epoch of 36; a block of 200 steps ends within one.
    assert draws.block % 3
    met = torch.stack([batch.real for batch in islice(steps(draws), 2 * draws.block // 3 * 3)])
    for replica in range(2):
        epochs = met[:, :, replica].reshape(-1, 36)
        assert torch.equal(epochs.sort(dim=1).values, torch.arange(36.0).expand_as(epochs))
    assert not torch.equal(met[:, :, 0], met[:, :, 1])
