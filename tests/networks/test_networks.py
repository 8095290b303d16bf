"""Generators and discriminators as params.yaml describes them."""

import contextlib
from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from ganstudy.core.errors import UserError
from ganstudy.networks.discriminator import Discriminator
from ganstudy.networks.generator import Generator
from ganstudy.networks.layers import Parameters
from ganstudy.networks.modules import Modules
from ganstudy.networks.own import OwnNetworkSettings
from ganstudy.training.cell import Cell


def shapes(parameters: Parameters) -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in parameters.items()}


def test_a_generator_has_the_sizes_that_the_task_needs(make_cell: Callable[..., Cell]) -> None:
    recipe = make_cell(noise={"name": "normal", "size": 3}, generator={"hidden": [6, 5]}).recipe
    generator = Generator(recipe.noise, recipe.generator, (4,))
    parameters = generator.initial([0, 1])
    assert shapes(parameters) == {
        "0.weight": (2, 3, 6),
        "0.bias": (2, 1, 6),
        "1.weight": (2, 6, 5),
        "1.bias": (2, 1, 5),
        "2.weight": (2, 5, 4),
        "2.bias": (2, 1, 4),
    }
    assert generator(parameters, torch.randn(2, 9, 3)).shape == (2, 9, 4)


def test_hidden_layers_and_output_have_the_activations_asked_for(make_cell: Callable[..., Cell]) -> None:
    settings = {"hidden": [6, 5], "activations": ["elu", "sigmoid"], "output": "tanh"}
    recipe = make_cell(generator=settings).recipe
    generator = Generator(recipe.noise, recipe.generator, (4,))
    parameters = generator.initial([0])
    x = torch.randn(1, 9, 3)
    values = x[0]
    for i, activation in enumerate((nn.ELU(), nn.Sigmoid(), nn.Tanh())):
        values = activation(values @ parameters[f"{i}.weight"][0] + parameters[f"{i}.bias"][0])
    torch.testing.assert_close(generator(parameters, x)[0], values)


def test_networks_without_hidden_layers_are_linear(make_cell: Callable[..., Cell]) -> None:
    recipe = make_cell(generator={"hidden": []}, discriminator={"hidden": []}).recipe
    assert set(Generator(recipe.noise, recipe.generator, (4,)).initial([0])) == {"0.weight", "0.bias"}
    assert shapes(Discriminator(recipe.discriminator, (4,)).initial([0])) == {
        "0.weight": (1, 4, 1),
        "0.bias": (1, 1, 1),
    }


@pytest.mark.parametrize(
    ("features", "inputs"),
    [
        ("raw", 5 * 2),
        ("squared_deviations", 2 * 5 * 2),
        ("differences", 2 * 5 * 2),
        ("moments", 4 * 2),
        ("minibatch_discrimination", 5 * (2 + 8)),
    ],
)
def test_a_discriminator_gives_one_logit_for_a_pack(
    features: str, inputs: int, make_cell: Callable[..., Cell]
) -> None:
    recipe = make_cell(discriminator={"hidden": [7], "pack": 5, "features": features}).recipe
    discriminator = Discriminator(recipe.discriminator, (2,))
    parameters = discriminator.initial([0, 1, 2])
    assert parameters["0.weight"].shape == (3, inputs, 7)
    assert discriminator(parameters, torch.randn(3, 6, 5, 2)).shape == (3, 6)


def test_a_discriminators_output_is_a_logit_without_bounds(make_cell: Callable[..., Cell]) -> None:
    recipe = make_cell(discriminator={"hidden": [4], "activations": "sigmoid"}).recipe
    discriminator = Discriminator(recipe.discriminator, (1,))
    parameters = discriminator.initial([0])
    parameters["1.bias"] += 1000
    assert (discriminator(parameters, torch.randn(1, 6, 1, 1)) > 900).all()


@pytest.mark.parametrize(("name", "expected"), [("uniform", "uniform"), ("normal", "norm")])
def test_noise_has_the_distribution_asked_for(
    name: str, expected: str, make_cell: Callable[..., Cell]
) -> None:
    recipe = make_cell(noise={"name": name, "size": 2}).recipe
    generator = Generator(recipe.noise, recipe.generator, (1,))
    noise = generator.draw_noise(np.random.default_rng(0), 5000)
    assert noise.shape == (5000, 2)
    assert noise.dtype == np.float32
    assert stats.kstest(noise.ravel(), expected).pvalue > 1e-3
    assert abs(np.corrcoef(noise.T)[0, 1]) < 5 / 5000**0.5


def test_constant_noise_is_constant(make_cell: Callable[..., Cell]) -> None:
    recipe = make_cell(noise={"name": "constant", "size": 2, "value": 0.25}).recipe
    generator = Generator(recipe.noise, recipe.generator, (1,))
    noise = generator.draw_noise(np.random.default_rng(0), 3)
    np.testing.assert_array_equal(noise, np.full((3, 2), 0.25, np.float32))
    assert noise.dtype == np.float32


@pytest.mark.parametrize(
    ("made", "fits"),
    [((6,), True), ((2, 3), True), ((1, 2, 3), True), ((3, 2), False), ((5,), False), ((6, 2), False)],
)
def test_own_networks_give_the_shape_of_the_samples_or_flat_ones(made: tuple[int, ...], fits: bool) -> None:
    modules = Modules(OwnNetworkSettings(use="networks/mine.py:Net"), (), (2, 3))
    given = torch.zeros(1, 9, 4)
    with contextlib.nullcontext() if fits else pytest.raises(UserError, match="returned shape"):
        assert modules.shaped(torch.zeros(1, 9, *made), given).shape == (1, 9, 2, 3)
