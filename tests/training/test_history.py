"""What the history of a training holds."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganstudy.core.random import generator as random_stream
from ganstudy.sources.moments import empirical_moments
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.batches import Batch, BatchSampler
from ganstudy.training.cell import Cell
from ganstudy.training.history import CURVE_SAMPLES, POOLED_SAMPLES, History
from ganstudy.training.runs import Runs
from ganstudy.training.train_step import TERMS, GanTrainer

MakeTrainer = Callable[..., tuple[GanTrainer, BatchSampler]]
Steps = Callable[[BatchSampler], Iterator[Batch]]

SEEDS = [5, 2]
MOMENTS = ["mean", "std", "skew", "kurtosis"]


@pytest.mark.parametrize("loss", ["mse", "smoothed", "wgan_gp", "r3gan"])
def test_a_point_holds_the_losses_averaged_since_the_point_before(
    loss: str,
    make_cell: Callable[..., Cell],
    make_trainer: MakeTrainer,
    steps: Steps,
    train_cell: Callable[..., Runs],
) -> None:
    cell = make_cell(loss, steps=12, points=4)
    gan, draws = make_trainer(cell, SEEDS)
    met = torch.stack([gan.train_step(batch) for batch in islice(steps(draws), 12)]).numpy()
    history = train_cell(cell, SEEDS).history
    assert history["seed"].tolist() == [5] * 4 + [2] * 4
    assert history["step"].tolist() == [3, 6, 9, 12] * 2
    for replica, seed in enumerate(SEEDS):
        points = history[history["seed"] == seed][list(TERMS)]
        np.testing.assert_allclose(points, met[:, :, replica].reshape(4, 3, -1).mean(axis=1), rtol=1e-5)


@given(steps=st.integers(1, 300), points=st.integers(1, 40))
def test_points_are_evenly_spaced_and_end_with_the_last_step(
    steps: int, points: int, make_cell: Callable[..., Cell], make_trainer: MakeTrainer
) -> None:
    cell = make_cell(steps=steps, points=points, snapshots=points, noise={"name": "constant"})
    gan, draws = make_trainer(cell, [0])
    data = Prepared.of(make_source(cell.recipe.source))
    history = History(gan, [0], data, draws.device)
    found = sorted(history.points)
    assert len(found) == min(steps, points)
    assert found[-1] == steps
    gaps = np.diff([0, *found])
    assert gaps.min() >= 1
    assert gaps.max() - gaps.min() <= 1
    assert history.snapshots == {0, *found}


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        ("gaussian", MOMENTS),
        ("ring", [f"{name}_{i}" for name in MOMENTS for i in (1, 2)]),
        ("pattern_1010", [f"{name}_{i}" for name in MOMENTS for i in (1, 2, 3, 4)]),
        ("digits", MOMENTS),
    ],
)
def test_a_point_holds_the_moments_of_the_same_draw_throughout(
    source: str,
    columns: list[str],
    make_cell: Callable[..., Cell],
    make_trainer: MakeTrainer,
    train_cell: Callable[..., Runs],
) -> None:
    cell = make_cell(source=source, steps=6, points=2)
    runs = train_cell(cell, SEEDS)
    assert runs.history.columns.tolist() == ["seed", "step", *TERMS, *columns]
    gan, _ = make_trainer(cell, SEEDS)
    n = POOLED_SAMPLES if source == "digits" else CURVE_SAMPLES
    for replica, seed in enumerate(SEEDS):
        noise = gan.generator.draw_noise(random_stream(seed, "evaluation", "curve"), n)
        weights = {
            name.removeprefix("generator."): torch.from_numpy(value[replica : replica + 1])
            for name, value in runs.weights.items()
            if name.startswith("generator.")
        }
        output = gan.generator(weights, torch.from_numpy(noise)[None])[0].numpy()
        # An image's pixels are told together.
        values = output.reshape(-1, 1) if source == "digits" else output
        last = runs.history[runs.history["seed"] == seed].iloc[-1]
        np.testing.assert_allclose(
            last[columns].to_numpy(float), np.concatenate(empirical_moments(values)), rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize(
    ("recipe", "shape"),
    [
        ({"source": "gaussian"}, (4, 500, 1)),
        ({"source": "digits"}, (4, 16, 1, 8, 8)),
        # The same input always makes the same point.
        ({"source": "pattern_1010", "noise": {"name": "constant"}}, (4, 1, 4)),
    ],
    ids=["values", "images", "a point"],
)
def test_the_evolution_begins_with_the_first_output_and_ends_with_the_last(
    recipe: dict[str, Any],
    shape: tuple[int, ...],
    make_cell: Callable[..., Cell],
    make_trainer: MakeTrainer,
    train_cell: Callable[..., Runs],
) -> None:
    cell = make_cell(steps=9, snapshots=3, **recipe)
    runs = train_cell(cell, SEEDS)
    assert runs.evolution_steps == [0, 3, 6, 9]
    assert runs.evolution.shape == (len(SEEDS), *shape)
    assert runs.evolution.dtype == np.float32
    gan, _ = make_trainer(cell, SEEDS)
    finished = {
        name.removeprefix("generator."): torch.from_numpy(value)
        for name, value in runs.weights.items()
        if name.startswith("generator.")
    }
    noise = [gan.generator.draw_noise(random_stream(seed, "evaluation", "curve"), shape[1]) for seed in SEEDS]
    for when, weights in ((0, gan.generator.initial(SEEDS)), (-1, finished)):
        output = gan.generator(weights, torch.from_numpy(np.stack(noise)))
        np.testing.assert_allclose(runs.evolution[:, when], output, rtol=1e-5, atol=1e-6)
    moved = (runs.evolution[:, 0] != runs.evolution[:, -1]).reshape(len(SEEDS), -1)
    assert moved.any(axis=1).all()


def test_a_generator_that_makes_a_point_has_no_shape(
    make_cell: Callable[..., Cell], train_cell: Callable[..., Runs]
) -> None:
    history = train_cell(make_cell("mse", noise={"name": "constant"}), SEEDS).history
    assert (history["std"] == 0).all()
    assert history[["skew", "kurtosis"]].isna().all(axis=None)
    assert history["mean"].notna().all()


def test_the_averaged_generator_is_the_one_that_is_shown(
    make_cell: Callable[..., Cell], train_cell: Callable[..., Runs]
) -> None:
    """The gan is the same, so are its losses; what the generator makes is not."""
    plain, averaged = (
        train_cell(make_cell(generator={"hidden": [6], "ema": average}), [0]) for average in (0.0, 0.9)
    )
    np.testing.assert_array_equal(plain.history[list(TERMS)], averaged.history[list(TERMS)])
    np.testing.assert_array_equal(plain.evolution[:, 0], averaged.evolution[:, 0])
    assert (plain.history["mean"] != averaged.history["mean"]).all()
    assert (plain.evolution[:, -1] != averaged.evolution[:, -1]).any()
