"""Stacked fully connected layers."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from ganstudy.core.random import generator
from ganstudy.networks.family import Parameters
from ganstudy.networks.features import Raw


class Elu(torch.autograd.Function):
    """The exponential linear unit, three times as fast on a processor as the library's own."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        # e^x - 1 is never below x, and they meet at 0.
        y = torch.minimum(torch.exp(x).sub_(1), torch.relu(x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        derivative: Tensor = torch.ops.aten.elu_backward(gradient, 1, 1, 1, True, *ctx.saved_tensors)
        return derivative


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu,
    "leaky_relu": lambda x: functional.leaky_relu(x, 0.2),
    "elu": Elu.apply,
    "silu": functional.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": functional.softplus,
    "linear": lambda x: x,
}

Draw = Callable[[np.random.Generator, int, int], tuple[NDArray[np.float32], NDArray[np.float32]]]


def _uniform(rng: np.random.Generator, bound: float, *shape: int) -> NDArray[np.float32]:
    return np.float32(bound) * (2 * rng.random(shape, dtype=np.float32) - 1)


def _pytorch(settings: Any) -> Draw:
    return lambda rng, n, m: (_uniform(rng, n**-0.5, n, m), _uniform(rng, n**-0.5, m))


def _normal(settings: Any) -> Draw:
    std = np.float32(settings.std)
    return lambda rng, n, m: (std * rng.standard_normal((n, m), np.float32), _uniform(rng, n**-0.5, m))


def _xavier(settings: Any) -> Draw:
    return lambda rng, n, m: (_uniform(rng, (6 / (n + m)) ** 0.5, n, m), np.zeros(m, np.float32))


def _he(settings: Any) -> Draw:
    return lambda rng, n, m: (
        np.float32((2 / n) ** 0.5) * rng.standard_normal((n, m), np.float32),
        np.zeros(m, np.float32),
    )


INITS: dict[str, Callable[[Any], Draw]] = {
    "pytorch": _pytorch,
    "normal": _normal,
    "xavier": _xavier,
    "he": _he,
}
"""Each draws the weight `[n, m]` and the bias `[m]` of a layer from n to m values."""


class Layers:
    """A multilayer perceptron in every replica.

    `sizes` are those of the input, of each hidden layer and of the output; `activations` one for each layer
    but the input. What comes out has the `shape` given, or stays a vector.
    """

    def __init__(
        self, sizes: Sequence[int], activations: Sequence[str], init: Any, shape: tuple[int, ...] = ()
    ) -> None:
        self.sizes = tuple(sizes)
        self.shape = shape
        self.activations = [ACTIVATIONS[name] for name in activations]
        self.nonlinear_widths = [
            width for width, name in zip(self.sizes[1:], activations, strict=True) if name != "linear"
        ]
        self.init = init
        self.is_training = True
        self.buffers: Parameters = {}
        self.state: list[Tensor] = []

    def initial(self, seeds: Sequence[int], network: str) -> Parameters:
        """Initial values, each replica's from its own seed's stream: `I.weight` `[replicas, in, out]` and
        `I.bias` `[replicas, 1, out]` for layer I."""
        draw = INITS[self.init.name](self.init)
        parameters = {}
        for i, (n, m) in enumerate(zip(self.sizes[:-1], self.sizes[1:], strict=True)):
            drawn = [draw(generator(seed, "init", network, i), n, m) for seed in seeds]
            parameters[f"{i}.weight"] = torch.from_numpy(np.stack([weight for weight, _ in drawn]))
            parameters[f"{i}.bias"] = torch.from_numpy(np.stack([bias[None] for _, bias in drawn]))
        return parameters

    def __call__(self, parameters: Parameters, x: Tensor, condition: Tensor | None = None) -> Tensor:
        """`[replicas, batch, in]`, the last of them the condition, to `[replicas, batch, out]`, or
        `[replicas, batch, *shape]`."""
        if condition is not None and condition.shape[-1]:
            x = torch.cat([x, condition], dim=-1)
        for i, activation in enumerate(self.activations):
            x = activation(torch.baddbmm(parameters[f"{i}.bias"], x, parameters[f"{i}.weight"]))
        return x.unflatten(-1, self.shape) if len(self.shape) > 1 else x


class PackJudge:
    """A perceptron that sees features of packs, in every replica."""

    def __init__(self, features: Raw, layers: Layers) -> None:
        self.features, self.layers = features, layers
        self.nonlinear_widths = [*layers.nonlinear_widths, *features.nonlinear_widths]
        self.is_training = True
        self.buffers: Parameters = {}
        self.state: list[Tensor] = []

    def initial(self, seeds: Sequence[int], network: str) -> Parameters:
        """Of the features, where they learn anything, and of the layers."""
        return {**self.features.initial(seeds), **self.layers.initial(seeds, network)}

    def __call__(self, parameters: Parameters, x: Tensor, condition: Tensor | None = None) -> Tensor:
        """Examples `[replicas, n, pack, …]` to logits `[replicas, n]`."""
        told = None if condition is None else condition.flatten(2)
        return self.layers(parameters, self.features(parameters, x.flatten(3)), told).squeeze(-1)
