"""Stacked layers are ordinary layers, one network a replica."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from ganstudy.networks.layers import ACTIVATIONS, INITS, Layers, Parameters
from ganstudy.networks.mlp import HeInit, NormalInit, PytorchInit, XavierInit

SIZES = (3, 5, 4, 2)
SEEDS = [4, 0, 9]
MODULES: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(0.2),
    "elu": nn.ELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "softplus": nn.Softplus,
    "linear": nn.Identity,
}
SETTINGS: dict[str, Any] = {
    "pytorch": PytorchInit(),
    "normal": NormalInit(name="normal", std=0.02),
    "xavier": XavierInit(name="xavier"),
    "he": HeInit(name="he"),
}


def ordinary(parameters: Parameters, replica: int, activations: list[str]) -> nn.Sequential:
    """The network of one replica, built from torch's own modules."""
    modules: list[nn.Module] = []
    for i, name in enumerate(activations):
        weight, bias = parameters[f"{i}.weight"][replica], parameters[f"{i}.bias"][replica, 0]
        linear = nn.Linear(*weight.shape)
        with torch.no_grad():
            linear.weight.copy_(weight.T)
            linear.bias.copy_(bias)
        modules += [linear, MODULES[name]()]
    return nn.Sequential(*modules)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_replica_is_a_stack_of_torchs_linear_layers(activation: str) -> None:
    activations = [activation, "tanh", activation]
    layers = Layers(SIZES, activations, SETTINGS["pytorch"])
    parameters = layers.initial(SEEDS, "generator")
    x = 2 * torch.randn(len(SEEDS), 11, SIZES[0], generator=torch.Generator().manual_seed(0))
    output = layers(parameters, x)
    assert output.shape == (len(SEEDS), 11, SIZES[-1])
    for replica in range(len(SEEDS)):
        torch.testing.assert_close(output[replica], ordinary(parameters, replica, activations)(x[replica]))


def test_each_replicas_gradient_is_that_of_its_own_network() -> None:
    activations = ["tanh", "elu", "linear"]
    layers = Layers(SIZES, activations, SETTINGS["pytorch"])
    parameters = {name: value.requires_grad_() for name, value in layers.initial(SEEDS, "generator").items()}
    x = torch.randn(len(SEEDS), 11, SIZES[0], generator=torch.Generator().manual_seed(0))
    layers(parameters, x).square().mean(dim=(1, 2)).sum().backward()
    for replica in range(len(SEEDS)):
        network = ordinary(parameters, replica, activations)
        network(x[replica]).square().mean().backward()
        for i in range(3):
            gradients = parameters[f"{i}.weight"].grad, parameters[f"{i}.bias"].grad
            assert gradients[0] is not None
            assert gradients[1] is not None
            torch.testing.assert_close(gradients[0][replica].T, network[2 * i].weight.grad)
            torch.testing.assert_close(gradients[1][replica, 0], network[2 * i].bias.grad)


@pytest.mark.parametrize("init", INITS)
def test_a_lane_starts_from_its_own_seed_alone(init: str) -> None:
    layers = Layers(SIZES, ["relu"] * 3, SETTINGS[init])
    together = layers.initial(SEEDS, "generator")
    for replica, seed in enumerate(SEEDS):
        alone = layers.initial([seed], "generator")
        for name, value in together.items():
            assert torch.equal(value[replica], alone[name][0])
    weights = together["0.weight"]
    assert not torch.equal(weights[0], weights[1])


@pytest.mark.parametrize("init", INITS)
def test_layers_and_networks_start_from_values_of_their_own(init: str) -> None:
    layers = Layers((6, 6, 6), ["relu"] * 2, SETTINGS[init])
    one, other = layers.initial([0], "generator"), layers.initial([0], "discriminator")
    drawn = [one["0.weight"], one["1.weight"], other["0.weight"], other["1.weight"]]
    assert len({tuple(weight.flatten().tolist()) for weight in drawn}) == 4


N, M = 300, 200
EXPECTED: dict[str, tuple[Any, Any]] = {
    # Of a layer from N to M values: the weights' distribution, and the biases'.
    "pytorch": (stats.uniform(-(N**-0.5), 2 * N**-0.5), stats.uniform(-(N**-0.5), 2 * N**-0.5)),
    "normal": (stats.norm(0, 0.02), stats.uniform(-(N**-0.5), 2 * N**-0.5)),
    "xavier": (stats.uniform(-((6 / (N + M)) ** 0.5), 2 * (6 / (N + M)) ** 0.5), None),
    "he": (stats.norm(0, (2 / N) ** 0.5), None),
}


@pytest.mark.parametrize("init", INITS)
def test_initial_values_follow_the_stated_distribution(init: str) -> None:
    layers = Layers((N, M), ["linear"], SETTINGS[init])
    parameters = layers.initial(range(3), "generator")
    weights, biases = EXPECTED[init]
    assert parameters["0.weight"].shape == (3, N, M)
    assert parameters["0.bias"].shape == (3, 1, M)
    assert parameters["0.weight"].dtype == parameters["0.bias"].dtype == torch.float32
    assert stats.kstest(parameters["0.weight"].flatten().numpy(), weights.cdf).pvalue > 1e-3
    if biases is None:
        assert not parameters["0.bias"].any()
    else:
        assert stats.kstest(parameters["0.bias"].flatten().numpy(), biases.cdf).pvalue > 1e-3


def test_the_default_initialisation_is_torchs_own() -> None:
    ours = Layers((N, M), ["linear"], SETTINGS["pytorch"]).initial([0], "generator")
    torch.manual_seed(0)
    theirs = nn.Linear(N, M)
    for mine, its in ((ours["0.weight"], theirs.weight), (ours["0.bias"], theirs.bias)):
        assert stats.ks_2samp(mine.flatten().numpy(), its.detach().flatten().numpy()).pvalue > 1e-3


def test_a_lane_that_fails_leaves_the_others_as_they_were() -> None:
    layers = Layers(SIZES, ["leaky_relu"] * 3, SETTINGS["pytorch"])
    parameters = layers.initial(SEEDS, "generator")
    x = torch.randn(len(SEEDS), 11, SIZES[0])
    before = layers(parameters, x)
    parameters["1.weight"][1] = np.nan
    after = layers(parameters, x)
    assert torch.isnan(after[1]).all()
    assert torch.equal(after[[0, 2]], before[[0, 2]])
