"""A step of the gan, and what it leaves alone."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
import torch
from torch import Tensor

from ganstudy.losses.loss import TwoTermLoss
from ganstudy.losses.registry import LOSSES
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.batches import Batch, BatchSampler
from ganstudy.training.cell import Cell
from ganstudy.training.history import History
from ganstudy.training.runs import Runs
from ganstudy.training.train_step import GanTrainer

MakeTrainer = Callable[..., tuple[GanTrainer, BatchSampler]]
Steps = Callable[[BatchSampler], Iterator[Batch]]

SEEDS = [5, 2, 9]
PACKED = {"hidden": [7, 4], "pack": 4}
CELLS: dict[str, tuple[str, dict[str, Any]]] = {
    **{name: (name, {}) for name in LOSSES},
    "sgd": ("mse", {"optimizer": {"name": "sgd", "lr": 0.05, "momentum": 0.9}}),
    "rmsprop": ("mse", {"optimizer": {"name": "rmsprop", "lr": 0.005}}),
    "real, then fake": ("mse", {"update": "real_then_fake"}),
    "averaged": ("mse", {"generator": {"hidden": [6], "ema": 0.9}}),
    **{
        features: ("mse", {"discriminator": {**PACKED, "features": features}})
        for features in ("squared_deviations", "differences", "moments", "minibatch_discrimination")
    },
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_run_that_diverges_leaves_the_others_bits_as_they_were(
    cell: tuple[str, dict[str, Any]], make_cell: Callable[..., Cell], make_trainer: MakeTrainer, steps: Steps
) -> None:
    loss, recipe = cell

    def trained(spoil: bool) -> tuple[GanTrainer, History]:
        cell = make_cell(loss, **recipe)
        gan, draws = make_trainer(cell, SEEDS)
        data = Prepared.of(make_source(cell.recipe.source))
        history = History(gan, SEEDS, data, draws.device)
        for i, batch in enumerate(islice(steps(draws), 12)):
            if spoil and i == 2:
                with torch.no_grad():
                    for player in (gan.g, gan.d):
                        for value in player.parameters.values():
                            value[1] = torch.nan
            history.note(gan.train_step(batch))
        return gan, history

    (whole, its_history), (spoilt, other_history) = trained(spoil=False), trained(spoil=True)
    for one, other in ((whole.judged, spoilt.judged), (whole.d.parameters, spoilt.d.parameters)):
        for name, value in one.items():
            assert torch.equal(value[[0, 2]], other[name][[0, 2]])
            assert torch.isnan(other[name][1]).all()
            assert torch.isfinite(value).all()
    for row, other_row in zip(its_history.rows, other_history.rows, strict=True):
        same = (row == other_row) | ((row != row) & (other_row != other_row))
        assert same[:, [0, 2]].all()
    assert other_history.rows[-1][2, 1] != other_history.rows[-1][2, 1], "the spoilt run's loss should be NaN"
    for shown, other_shown in zip(its_history.evolution, other_history.evolution, strict=True):
        assert (shown[[0, 2]] == other_shown[[0, 2]]).all()


@pytest.mark.parametrize("name", LOSSES)
def test_the_discriminators_update_leaves_the_generator(
    name: str, make_cell: Callable[..., Cell], make_trainer: MakeTrainer
) -> None:
    gan, draws = make_trainer(make_cell(name), SEEDS)
    batch = next(draws.of_block(0))
    g, d = gan.g.flat.clone(), gan.d.flat.clone()
    with torch.no_grad():
        fake = gan.fake(batch.noise[0], batch.condition[0])
    gan.train_discriminator(fake, batch, 0)
    assert torch.equal(gan.g.flat, g)
    assert not torch.equal(gan.d.flat, d)


def test_each_player_takes_as_many_steps_as_the_recipe_says(
    make_cell: Callable[..., Cell], make_trainer: MakeTrainer
) -> None:
    """RMSprop without memory moves a weight by lr whatever its gradient, so steps can be counted: a weight
    on which all gradients agree moves by steps × lr, and none moves further."""
    lr = 1e-4
    optimizer = {"name": "rmsprop", "lr": lr, "alpha": 0.0, "eps": 1e-30}
    for k, j in ((1, 1), (4, 1), (1, 3), (2, 5)):
        cell = make_cell("mse", optimizer=optimizer, discriminator_steps=k, generator_steps=j)
        gan, draws = make_trainer(cell, SEEDS)
        before = gan.g.flat.clone(), gan.d.flat.clone()
        gan.train_step(next(draws.of_block(0)))
        for flat, start, steps in ((gan.g.flat, before[0], j), (gan.d.flat, before[1], k)):
            moved = (flat - start).abs().max().item()
            assert moved == pytest.approx(steps * lr, rel=1e-2)


def test_clipped_weights_stay_within_their_bound_after_every_update(
    make_cell: Callable[..., Cell], make_trainer: MakeTrainer, steps: Steps
) -> None:
    gan, draws = make_trainer(make_cell({"loss": "wgan_clip", "clip": 0.05}), SEEDS)
    assert gan.d.flat.abs().max() > 0.05
    for batch in islice(steps(draws), 5):
        gan.train_step(batch)
        assert gan.d.flat.abs().max() <= 0.05
        assert (gan.d.flat.abs() == 0.05).any()
        assert gan.g.flat.abs().max() > 0.05


def test_clipping_follows_each_of_the_two_updates(
    make_cell: Callable[..., Cell], make_trainer: MakeTrainer
) -> None:
    """Far outside the bound, a first step that was not clipped would let the second start elsewhere."""
    optimizer = {"name": "sgd", "lr": 0.05}
    cell = make_cell({"loss": "wgan_clip", "clip": 0.01}, update="real_then_fake", optimizer=optimizer)
    gan, draws = make_trainer(cell, SEEDS)
    by_hand, _ = make_trainer(cell, SEEDS)
    batch = next(draws.of_block(0))
    with torch.no_grad():
        fake = gan.fake(batch.noise[0], batch.condition[0])
    gan.train_discriminator(fake, batch, 0)
    d = by_hand.d
    for sign, examples in ((-1, batch.real[0]), (1, fake)):
        parameters = {name: value.clone().requires_grad_() for name, value in d.parameters.items()}
        loss = sign * by_hand.discriminator(parameters, examples).mean(dim=1).sum()
        gradients = torch.autograd.grad(loss, list(parameters.values()))
        for value, gradient in zip(d.parameters.values(), gradients, strict=True):
            value.sub_(0.05 * gradient).clamp_(-0.01, 0.01)
    torch.testing.assert_close(gan.d.flat, by_hand.d.flat, rtol=0, atol=1e-7)


SEPARABLE = {
    "minimax": True,
    "non_saturating": True,
    "smoothed": True,
    "one_sided": True,
    "mse": True,
    "lsgan": True,
    "wgan_clip": True,
    "hinge": True,
    "wgan_gp": False,
    "relativistic": False,
    "r3gan": False,
    "dragan": False,
}


@pytest.mark.parametrize("name", LOSSES)
def test_the_terms_are_descended_one_by_one_where_they_can_be(
    name: str, make_cell: Callable[..., Cell], train_cell: Callable[..., Runs]
) -> None:
    separate = train_cell(make_cell(name, update="real_then_fake"), [3])
    joint = train_cell(make_cell(name, update="joint"), [3])
    assert joint.update == "joint"
    same = all((separate.weights[key] == joint.weights[key]).all() for key in joint.weights)
    expected = SEPARABLE.get(name, not same)
    assert separate.update == ("real_then_fake" if expected else "joint")
    assert same is not expected


@pytest.mark.parametrize("name", LOSSES)
def test_a_step_reports_the_terms_that_the_loss_has(
    name: str, make_cell: Callable[..., Cell], make_trainer: MakeTrainer
) -> None:
    gan, draws = make_trainer(make_cell(name), SEEDS)
    real, fake, both, penalty, generator = gan.train_step(next(draws.of_block(0)))
    assert torch.isfinite(torch.stack([both, penalty, generator])).all()
    if isinstance(gan.loss, TwoTermLoss):
        torch.testing.assert_close(real + fake, both)
    else:
        assert torch.isnan(torch.stack([real, fake])).all()
    assert (penalty > 0).all() if gan.loss.penalty else (penalty == 0).all()


def test_reported_losses_are_averaged_over_a_steps_updates(
    make_cell: Callable[..., Cell], make_trainer: MakeTrainer
) -> None:
    cell = make_cell("mse", discriminator_steps=3, generator_steps=1)
    gan, draws = make_trainer(cell, SEEDS)
    by_hand, _ = make_trainer(cell, SEEDS)
    batch = next(draws.of_block(0))
    met = []
    for i in range(3):
        with torch.no_grad():
            fake = by_hand.fake(batch.noise[i], batch.condition[i])
        met.append(by_hand.train_discriminator(fake, batch, i))
    reported = gan.train_step(batch)
    torch.testing.assert_close(reported[:4], torch.stack(met).mean(dim=0))
    assert not torch.equal(met[0], met[2])


AVERAGED = {"hidden": [6, 5], "activations": "tanh", "ema": 0.9}


def test_the_judged_generator_is_the_moving_average_of_its_weights(
    make_cell: Callable[..., Cell], make_trainer: MakeTrainer, steps: Steps
) -> None:
    """a ← d a + (1 - d) w after each step, d = min(0.9, (1 + step) / (10 + step))."""
    gan, draws = make_trainer(make_cell("mse", generator=AVERAGED), SEEDS)
    average = gan.g.flat.double()
    for i, batch in enumerate(islice(steps(draws), 120)):
        gan.train_step(batch)
        decay = min(0.9, (1 + i) / (10 + i))
        average = decay * average + (1 - decay) * gan.g.flat
    # By now the decay has reached its final value: (1 + 119) / (10 + 119) > 0.9.
    judged = torch.cat([value.flatten() for value in gan.judged.values()])
    last = torch.cat([value.flatten() for value in gan.g.parameters.values()])
    torch.testing.assert_close(judged, average[: len(judged)].float(), rtol=1e-5, atol=1e-6)
    assert (judged - last).abs().max() > 1e-4


def test_averaging_does_not_change_training(
    make_cell: Callable[..., Cell], make_trainer: MakeTrainer, steps: Steps
) -> None:
    trained = []
    for generator in (AVERAGED, {**AVERAGED, "ema": 0.0}):
        gan, draws = make_trainer(make_cell("mse", generator=generator), SEEDS)
        for batch in islice(steps(draws), 10):
            gan.train_step(batch)
        trained.append(gan)
    averaged, plain = trained
    assert torch.equal(averaged.g.flat, plain.g.flat)
    assert torch.equal(averaged.d.flat, plain.d.flat)
    assert plain.judged is plain.g.parameters


def test_a_replicas_gradient_does_not_depend_on_how_many_there_are(
    make_cell: Callable[..., Cell], make_trainer: MakeTrainer
) -> None:
    """SGD makes the gradient visible; averaging over replicas would divide it by their number."""
    cell = make_cell("mse", optimizer={"name": "sgd", "lr": 1.0})

    def step(seeds: list[int]) -> dict[str, Tensor]:
        gan, draws = make_trainer(cell, seeds)
        before = {name: value.detach().clone() for name, value in gan.d.parameters.items()}
        gan.train_step(next(draws.of_block(0)))
        return {name: (value.detach() - before[name])[0] for name, value in gan.d.parameters.items()}

    alone, together = step([7]), step([7, 8, 9, 10])
    for name, moved in alone.items():
        torch.testing.assert_close(moved, together[name], rtol=1e-4, atol=1e-7)
        assert moved.abs().max() > 1e-4
