"""`train` is a function of its arguments."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from ganstudy.networks.discriminator import Discriminator
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs
from ganstudy.training.trainer import train

TrainCell = Callable[..., Runs]
ARRAYS = ("samples", "evolution", "logits_real", "logits_fake")


def assert_same_bits(one: Runs, other: Runs) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.weights.keys() == other.weights.keys()
    for name, value in one.weights.items():
        np.testing.assert_array_equal(value, other.weights[name])
    assert one.history.equals(other.history)


@pytest.mark.parametrize("loss", ["mse", "smoothed", "wgan_gp", "r3gan"])
def test_training_twice_gives_the_same_bits(
    loss: str, make_cell: Callable[..., Cell], train_cell: TrainCell
) -> None:
    cell = make_cell(loss, steps=30)
    one, two = train_cell(cell, [4, 0, 2]), train_cell(cell, [4, 0, 2])
    assert_same_bits(one, two)
    assert np.isfinite(one.samples).all()


def test_seeds_give_different_runs(make_cell: Callable[..., Cell], train_cell: TrainCell) -> None:
    runs = train_cell(make_cell(), [0, 1])
    assert (runs.samples[0] != runs.samples[1]).all()
    assert (runs.weights["generator.0.weight"][0] != runs.weights["generator.0.weight"][1]).all()


def test_replicas_come_in_the_order_asked(make_cell: Callable[..., Cell], train_cell: TrainCell) -> None:
    cell = make_cell("r3gan")
    forth, back = train_cell(cell, [3, 1]), train_cell(cell, [1, 3])
    assert forth.seeds == [3, 1]
    for name in ARRAYS:
        np.testing.assert_allclose(getattr(forth, name)[::-1], getattr(back, name), rtol=1e-4, atol=1e-5)
    for name, value in forth.weights.items():
        np.testing.assert_allclose(value[::-1], back.weights[name], rtol=1e-4, atol=1e-5)
    assert forth.history["seed"].unique().tolist() == [3, 1]
    for seed in (1, 3):
        one, other = (runs.history[runs.history["seed"] == seed] for runs in (forth, back))
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)
    assert (abs(forth.samples[0] - forth.samples[1]) > 1e-3).any()


@pytest.mark.parametrize(
    ("discriminator", "packs_real", "packs_fake"),
    [
        ({"hidden": [4]}, 200, 40),
        ({"hidden": [4], "pack": 8}, 25, 5),
        ({"hidden": [4], "pack": 8, "features": "squared_deviations"}, 25, 5),
    ],
)
def test_the_finished_discriminator_is_asked_about_whole_packs(
    discriminator: dict[str, Any],
    packs_real: int,
    packs_fake: int,
    make_cell: Callable[..., Cell],
    train_cell: TrainCell,
) -> None:
    cell = make_cell("mse", discriminator=discriminator, samples=40)
    runs = train_cell(cell, [0, 1, 2])
    assert runs.samples.shape == (3, 40, 1)
    assert runs.samples.dtype == np.float32
    assert runs.logits_real.shape == (3, packs_real)
    assert runs.logits_fake.shape == (3, packs_fake)
    # The answers are those of the weights that are kept.
    judge = Discriminator(cell.recipe.discriminator, (1,))
    weights = {
        name.removeprefix("discriminator."): torch.from_numpy(value)
        for name, value in runs.weights.items()
        if name.startswith("discriminator.")
    }
    pack = cell.recipe.discriminator.pack
    held_out = Prepared.of(make_source(cell.recipe.source)).held_out
    for logits, samples in (
        (runs.logits_fake, runs.samples),
        (runs.logits_real, np.broadcast_to(held_out, (3, *held_out.shape))),
    ):
        packs = samples.shape[1] // pack
        examples = torch.from_numpy(samples[:, : packs * pack].copy()).reshape(3, packs, pack, 1)
        np.testing.assert_allclose(logits, judge(weights, examples), rtol=1e-5, atol=1e-6)


def test_more_samples_than_fit_a_chunk_are_drawn_all_the_same(
    make_cell: Callable[..., Cell], train_cell: TrainCell
) -> None:
    few, many = (train_cell(make_cell("mse", samples=n), [0]) for n in (100, 10_000))
    assert many.samples.shape == (1, 10_000, 1)
    assert many.logits_fake.shape == (1, 10_000)
    np.testing.assert_allclose(many.samples[:, :100], few.samples, rtol=1e-5, atol=1e-6)
    assert len(np.unique(many.samples)) > 9000


def test_what_the_loss_says_of_itself_is_kept(make_cell: Callable[..., Cell], train_cell: TrainCell) -> None:
    runs = train_cell(make_cell({"loss": "one_sided", "real_label": 0.8}), [0])
    assert "1606.03498" in runs.loss["paper"]
    assert runs.loss["at_match"]["brier"] == pytest.approx((0.6**2 + 0.4**2) / 2)
    assert runs.loss["brier_of"] == "probability"
    assert runs.update == "joint"
    assert runs.pretest is None


def test_images_of_a_file_are_learnt_from_like_anything_else(
    make_cell: Callable[..., Cell], train_cell: TrainCell
) -> None:
    runs = train_cell(
        make_cell(source="digits", generator={"hidden": [6], "output": "tanh"}, samples=10), [0, 1]
    )
    assert runs.samples.shape == (2, 10, 1, 8, 8)
    assert abs(runs.samples).max() <= 1
    assert runs.logits_real.shape == (2, round(0.2 * 1797))


def test_progress_is_told_up_to_the_last_step(make_cell: Callable[..., Cell]) -> None:
    cell = make_cell(steps=210)
    source = make_source(cell.recipe.source)
    data = Prepared.of(source)
    told: list[tuple[int, dict[str, float]]] = []
    train(cell, [0, 1], data, data.stream(source), progress=lambda *news: told.append(news))
    steps = [step for step, _ in told]
    assert steps == sorted(set(steps))
    assert steps[-1] == 210
    assert len(steps) > 1
    assert all(set(losses) == {"D", "G"} and np.isfinite([*losses.values()]).all() for _, losses in told)


def test_more_steps_begin_with_the_same_steps(make_cell: Callable[..., Cell], train_cell: TrainCell) -> None:
    """A block of random numbers ends within these runs; where the run ends must not matter."""
    short, long = (train_cell(make_cell("smoothed", steps=n, points=n), [0]).history for n in (190, 230))
    np.testing.assert_array_equal(long[:190], short)


def test_a_gan_learns_where_its_target_lies(make_cell: Callable[..., Cell], train_cell: TrainCell) -> None:
    """A linear critic sees nothing but the mean, and under a penalty the gan on it converges."""
    cell = make_cell(
        {"loss": "r3gan", "penalty": 1.0},
        discriminator={"hidden": []},
        generator={"hidden": []},
        optimizer={"name": "sgd", "lr": 0.1},
        batch=64,
        steps=400,
        samples=2000,
    )
    before, after = (
        abs(samples.mean() - 4)
        for runs in [train_cell(cell, [0])]
        for samples in (runs.evolution[0, 0], runs.samples[0])
    )
    assert before > 3
    assert after < 0.3
