"""The reference for correctness is the plain program: ordinary modules, one seed, one loop.

It shares nothing with the code under test but the initial values and the random numbers of its seed.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parameters_to_vector

from ganstudy.core.random import generator as random_stream
from ganstudy.networks.layers import Parameters
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.batches import Batch, BatchSampler
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs
from ganstudy.training.train_step import GanTrainer

SEED, COMPOSITION = 2, [5, 2, 9]
STEPS, POINTS = 50, 5
MODULES = {
    "tanh": nn.Tanh,
    "softplus": nn.Softplus,
    "sigmoid": nn.Sigmoid,
    "linear": nn.Identity,
}

Critic = Callable[[Tensor], Tensor]
"""Examples `[batch, pack, dims]` to logits `[batch]`."""


# ---- The losses, as a reader of the papers would write them down.


def bce(C: Tensor, label: Tensor | float) -> Tensor:
    return functional.binary_cross_entropy(torch.sigmoid(C), torch.as_tensor(label).expand_as(C))


def gradient_norm(judge: Critic, x: Tensor) -> Tensor:
    x = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(judge(x).sum(), x, create_graph=True)
    return torch.linalg.vector_norm(gradient.reshape(len(x), -1), dim=1)


def no_penalty(critic: Critic, real: Tensor, fake: Tensor, noise: Tensor) -> Tensor:
    return torch.zeros(())


class Plain:
    """A pair of objectives: D's terms of real and of generated samples or their joint loss, a penalty on D,
    G's loss. `u` are the label numbers of a batch."""

    def __init__(
        self,
        generator: Callable[[Tensor, Tensor, Tensor], Tensor],
        real: Callable[[Tensor, Tensor], Tensor] | None = None,
        fake: Callable[[Tensor, Tensor], Tensor] | None = None,
        joint: Callable[[Tensor, Tensor], Tensor] | None = None,
        penalty: Callable[[Critic, Tensor, Tensor, Tensor], Tensor] = no_penalty,
        clip: float | None = None,
    ) -> None:
        self.generator, self.real, self.fake, self.joint = generator, real, fake, joint
        self.penalty, self.clip = penalty, clip


def wgan_gp(critic: Critic, real: Tensor, fake: Tensor, t: Tensor) -> Tensor:
    return 0.1 * ((gradient_norm(critic, real + t * (fake - real)) - 1) ** 2).mean()


def r1_and_r2(critic: Critic, real: Tensor, fake: Tensor, noise: Tensor) -> Tensor:
    return (
        0.5 / 2 * (gradient_norm(critic, real) ** 2).mean()
        + 0.5 / 2 * (gradient_norm(critic, fake) ** 2).mean()
    )


def dragan(critic: Critic, real: Tensor, fake: Tensor, u: Tensor) -> Tensor:
    near = real + 0.5 * real.std(correction=0) * u
    return 10 * ((gradient_norm(lambda x: torch.sigmoid(critic(x)), near) - 1) ** 2).mean()


PLAIN: dict[str, Plain] = {
    "non_saturating": Plain(
        real=lambda C, u: bce(C, 1.0), fake=lambda C, u: bce(C, 0.0), generator=lambda C, R, u: bce(C, 1.0)
    ),
    "minimax": Plain(
        real=lambda C, u: bce(C, 1.0), fake=lambda C, u: bce(C, 0.0), generator=lambda C, R, u: -bce(C, 0.0)
    ),
    "smoothed": Plain(
        real=lambda C, u: bce(C, 1 - 0.2 * u),
        fake=lambda C, u: bce(C, 0.2 * u),
        generator=lambda C, R, u: bce(C, 1 - 0.2 * u),
    ),
    "mse": Plain(
        real=lambda C, u: functional.mse_loss(torch.sigmoid(C), torch.ones_like(C)),
        fake=lambda C, u: functional.mse_loss(torch.sigmoid(C), torch.zeros_like(C)),
        generator=lambda C, R, u: functional.mse_loss(torch.sigmoid(C), torch.ones_like(C)),
    ),
    "hinge": Plain(
        real=lambda C, u: functional.relu(1 - C).mean(),
        fake=lambda C, u: functional.relu(1 + C).mean(),
        generator=lambda C, R, u: -C.mean(),
    ),
    "wgan_clip": Plain(
        real=lambda C, u: -C.mean(),
        fake=lambda C, u: C.mean(),
        generator=lambda C, R, u: -C.mean(),
        clip=0.1,
    ),
    "wgan_gp": Plain(
        real=lambda C, u: -C.mean(),
        fake=lambda C, u: C.mean(),
        generator=lambda C, R, u: -C.mean(),
        penalty=wgan_gp,
    ),
    "relativistic": Plain(
        joint=lambda C_real, C_fake: functional.softplus(C_fake - C_real).mean(),
        generator=lambda C, R, u: functional.softplus(R - C).mean(),
    ),
    "r3gan": Plain(
        joint=lambda C_real, C_fake: functional.softplus(C_fake - C_real).mean(),
        generator=lambda C, R, u: functional.softplus(R - C).mean(),
        penalty=r1_and_r2,
    ),
    "dragan": Plain(
        real=lambda C, u: bce(C, 1.0),
        fake=lambda C, u: bce(C, 0.0),
        generator=lambda C, R, u: bce(C, 1.0),
        penalty=dragan,
    ),
}


# ---- The program


def module(initial: Parameters, activations: list[str]) -> nn.Sequential:
    """A network with these initial values `[1, …]`."""
    layers: list[nn.Module] = []
    for i, name in enumerate(activations):
        weight, bias = initial[f"{i}.weight"][0], initial[f"{i}.bias"][0, 0]
        linear = nn.Linear(*weight.shape)
        with torch.no_grad():
            linear.weight.copy_(weight.T)
            linear.bias.copy_(bias)
        layers += [linear, MODULES[name]()]
    return nn.Sequential(*layers)


def optimizer(settings: Any, network: nn.Module) -> torch.optim.Optimizer:
    parameters = network.parameters()
    if settings.name == "sgd":
        return torch.optim.SGD(parameters, lr=settings.lr, momentum=settings.momentum)
    if settings.name == "adam":
        return torch.optim.Adam(parameters, lr=settings.lr, betas=settings.betas, eps=settings.eps)
    return torch.optim.RMSprop(parameters, lr=settings.lr, alpha=settings.alpha, eps=settings.eps)


def squared_deviations(x: Tensor) -> Tensor:
    """Packs of one value a sample, with each value's squared distance from the pack's mean."""
    values = x.squeeze(2)
    return torch.cat([values, (values - values.mean(dim=1, keepdim=True).detach()) ** 2], dim=1)


class Program:
    """One GAN, trained the ordinary way."""

    def __init__(self, cell: Cell, loss: Plain, gan: GanTrainer, seed: int) -> None:
        recipe = self.recipe = cell.recipe
        self.loss = loss
        self.G = module(
            gan.generator.initial([seed]), [*recipe.generator.activations, recipe.generator.output]
        )
        self.D = module(gan.discriminator.initial([seed]), [*recipe.discriminator.activations, "linear"])
        self.g_optimizer = optimizer(recipe.generator_optimizer or recipe.optimizer, self.G)
        self.d_optimizer = optimizer(recipe.optimizer, self.D)
        self.packed = squared_deviations if recipe.discriminator.pack > 1 else lambda x: x.flatten(1)
        self.condition = torch.zeros(recipe.batch, recipe.discriminator.pack, 0)
        """What the networks are told just now, `[batch, pack, classes]`."""

    def critic(self, x: Tensor) -> Tensor:
        return self.D(torch.cat([self.packed(x), self.condition.flatten(1)], dim=1)).squeeze(1)

    def generated(self, noise: Tensor) -> Tensor:
        made = self.G(torch.cat([noise, self.condition.flatten(0, 1)], dim=1))
        return made.unflatten(0, (-1, self.recipe.discriminator.pack))

    def descend_d(self, loss: Tensor) -> None:
        self.d_optimizer.zero_grad()
        loss.backward()
        self.d_optimizer.step()
        if self.loss.clip is not None:
            with torch.no_grad():
                for parameter in self.D.parameters():
                    parameter.clamp_(-self.loss.clip, self.loss.clip)

    def discriminator_step(self, real: Tensor, fake: Tensor, u: Tensor, noise: Tensor) -> list[float]:
        """The terms, their sum and the penalty."""
        if self.loss.joint is not None:
            loss = self.loss.joint(self.critic(real), self.critic(fake))
            penalty = self.loss.penalty(self.critic, real, fake, noise)
            self.descend_d(loss + penalty)
            return [np.nan, np.nan, loss.item(), penalty.item()]
        assert self.loss.real is not None
        assert self.loss.fake is not None
        on_real = self.loss.real(self.critic(real), u[0])
        if self.recipe.update == "real_then_fake":
            self.descend_d(on_real)
            on_fake = self.loss.fake(self.critic(fake), u[1])
            self.descend_d(on_fake)
            return [on_real.item(), on_fake.item(), on_real.item() + on_fake.item(), 0.0]
        on_fake = self.loss.fake(self.critic(fake), u[1])
        penalty = self.loss.penalty(self.critic, real, fake, noise)
        self.descend_d(on_real + on_fake + penalty)
        return [on_real.item(), on_fake.item(), on_real.item() + on_fake.item(), penalty.item()]

    def generator_step(self, noise: Tensor, real: Tensor, u: Tensor) -> float:
        answers = self.critic(self.generated(noise))
        loss = self.loss.generator(answers, self.critic(real).detach(), u[0])
        self.g_optimizer.zero_grad()
        loss.backward()
        self.g_optimizer.step()
        return loss.item()

    def step(self, draws: Batch) -> list[float]:
        """Every loss, averaged over the step's updates. The only replica's numbers have index 0."""
        k = self.recipe.discriminator_steps
        labels = draws.labels[:, :, 0]
        met = []
        for i in range(k):
            self.condition = draws.condition[i, 0]
            fake = self.generated(draws.noise[i, 0]).detach()
            noise = draws.penalty[i, 0].flatten(2) if draws.penalty.numel() else draws.penalty[i, 0]
            met.append(self.discriminator_step(draws.real[i, 0].flatten(2), fake, labels[i], noise))
        losses = [
            self.generator_step(draws.noise[i, 0], draws.real[-1, 0].flatten(2), labels[i])
            for i in range(k, k + self.recipe.generator_steps)
        ]
        return [*np.mean(met, axis=0), float(np.mean(losses))]


CONDITIONAL = {"name": "digits", "condition": "labels"}
SGD = {"name": "sgd", "lr": 0.05, "momentum": 0.9}
ADAM = {"name": "adam", "lr": 0.01, "betas": [0.5, 0.99]}
RMSPROP = {"name": "rmsprop", "lr": 0.005}
PACKED = {
    "hidden": [7, 4],
    "activations": ["tanh", "softplus"],
    "pack": 5,
    "features": "squared_deviations",
}

CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "sgd with momentum": ({"loss": "non_saturating"}, {"optimizer": SGD}),
    "adam": ({"loss": "non_saturating"}, {"optimizer": ADAM}),
    "rmsprop": ({"loss": "non_saturating"}, {"optimizer": RMSPROP}),
    "an optimiser each": ({"loss": "non_saturating"}, {"optimizer": ADAM, "generator_optimizer": SGD}),
    "several steps a step": ({"loss": "non_saturating"}, {"discriminator_steps": 3, "generator_steps": 2}),
    "real, then fake": ({"loss": "mse"}, {"update": "real_then_fake"}),
    "real, then fake, with momentum": ({"loss": "mse"}, {"update": "real_then_fake", "optimizer": SGD}),
    "a batch of one": ({"loss": "mse"}, {"batch": 1, "update": "real_then_fake"}),
    "packs": ({"loss": "non_saturating"}, {"discriminator": PACKED}),
    "packs, one a batch": ({"loss": "smoothed"}, {"discriminator": PACKED, "batch": 1}),
    "packs, with a penalty": ({"loss": "wgan_gp", "penalty": 0.1}, {"discriminator": PACKED}),
    "constant noise": ({"loss": "mse"}, {"noise": {"name": "constant", "size": 2}, "source": "pattern_1010"}),
    "several dimensions": ({"loss": "r3gan", "penalty": 0.5}, {"source": "ring", "discriminator_steps": 2}),
    "relativistic": ({"loss": "relativistic"}, {"discriminator_steps": 2}),
    "fixed labels": ({"loss": "smoothed", "labels": "fixed"}, {}),
    "smoothed, real, then fake": ({"loss": "smoothed"}, {"update": "real_then_fake"}),
    "minimax": ({"loss": "minimax"}, {}),
    "smoothed": ({"loss": "smoothed"}, {"generator_steps": 2}),
    "hinge": ({"loss": "hinge"}, {}),
    "wgan_clip": ({"loss": "wgan_clip", "clip": 0.1}, {"optimizer": RMSPROP, "discriminator_steps": 2}),
    "wgan_gp": ({"loss": "wgan_gp", "penalty": 0.1}, {"discriminator_steps": 2}),
    "r3gan": ({"loss": "r3gan", "penalty": 0.5}, {}),
    "dragan": ({"loss": "dragan"}, {}),
    **{
        # Where 64 pixels' gradients are nearly 0, Adam would make steps of their rounding.
        f"conditional, {loss}": (
            {"loss": loss, **more},
            {"source": CONDITIONAL, "discriminator_steps": 2, "optimizer": {"name": "sgd", "lr": 0.01}},
        )
        for loss, more in {
            "non_saturating": {},
            "relativistic": {},
            "wgan_gp": {"penalty": 0.1},
            "r3gan": {"penalty": 0.5},
            "dragan": {},
        }.items()
    },
    "conditional, real, then fake": ({"loss": "mse"}, {"source": CONDITIONAL, "update": "real_then_fake"}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_stacked_run_follows_the_plain_program(
    case: tuple[dict[str, Any], dict[str, Any]],
    make_cell: Callable[..., Cell],
    make_trainer: Callable[..., tuple[GanTrainer, BatchSampler]],
    train_cell: Callable[..., Runs],
    steps: Callable[[BatchSampler], Iterator[Batch]],
) -> None:
    entry, recipe = case
    cell = make_cell(
        entry,
        **{
            "generator": {"hidden": [6, 5], "activations": ["softplus", "tanh"]},
            "steps": STEPS,
            "points": POINTS,
            **recipe,
        },
    )
    runs, replica = train_cell(cell, COMPOSITION), COMPOSITION.index(SEED)
    gan, draws = make_trainer(cell, [SEED])
    program = Program(cell, PLAIN[entry["loss"]], gan, SEED)
    networks = {"generator": program.G, "discriminator": program.D}
    began = {name: parameters_to_vector(network.parameters()).clone() for name, network in networks.items()}
    losses = [program.step(batch) for batch in islice(steps(draws), STEPS)]

    for name, network in networks.items():
        for i, layer in enumerate(layer for layer in network if isinstance(layer, nn.Linear)):
            weight, bias = (runs.weights[f"{name}.{i}.{part}"][replica] for part in ("weight", "bias"))
            np.testing.assert_allclose(weight.T, layer.weight.detach(), rtol=1e-5, atol=1e-5)
            np.testing.assert_allclose(bias[0], layer.bias.detach(), rtol=1e-5, atol=1e-5)
        # It was a journey, on which to go together.
        assert (parameters_to_vector(network.parameters()) - began[name]).abs().max() > 0.01

    history = runs.history[runs.history["seed"] == SEED]
    averaged = np.array(losses).reshape(POINTS, STEPS // POINTS, -1).mean(axis=1)
    terms = ["discriminator_real", "discriminator_fake", "discriminator", "penalty", "generator"]
    np.testing.assert_allclose(history[terms], averaged, rtol=1e-5, atol=1e-5)

    noise = gan.generator.draw_noise(random_stream(SEED, "evaluation", "final"), cell.recipe.samples)
    data = Prepared.of(make_source(cell.recipe.source))
    told = data.draw_condition(random_stream(SEED, "evaluation", "final labels"), cell.recipe.samples)
    with torch.no_grad():
        made = program.G(torch.from_numpy(np.concatenate([noise, told], axis=1)))
    samples = runs.samples[replica]
    np.testing.assert_allclose(samples.reshape(len(samples), -1), made, rtol=1e-5, atol=1e-5)
