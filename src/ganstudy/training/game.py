"""The game: two players in every lane, and one round of it.

Losses are averaged over each lane's batch and added up over lanes, so a lane's gradient is its own;
torch.optim's element-wise optimisers then act on each lane as if it were alone.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.optim import SGD, Adam, Optimizer, RMSprop

from ganstudy.losses import TwoTermLoss, make_loss
from ganstudy.models import Discriminator, Generator, Parameters
from ganstudy.params import Cell
from ganstudy.training.draws import Round

OPTIMIZERS: dict[str, Callable[[list[Tensor], Any], Optimizer]] = {
    "sgd": lambda parameters, s: SGD(parameters, lr=s.lr, momentum=s.momentum, fused=True),
    "adam": lambda parameters, s: Adam(parameters, lr=s.lr, betas=s.betas, eps=s.eps, fused=True),
    "rmsprop": lambda parameters, s: RMSprop(parameters, lr=s.lr, alpha=s.alpha, eps=s.eps, foreach=True),
}

TERMS = ("discriminator_real", "discriminator_fake", "discriminator", "penalty", "generator")
"""What a round reports of each lane; the two terms are NaN for losses that do not have them."""


class Player:
    """A network's parameters in every lane, with their optimiser.

    All parameters lie one after the other in a single tensor, of which `parameters` are views: an optimiser's
    step costs as much in bookkeeping for each tensor as it does in arithmetic for these small ones.
    """

    def __init__(self, initial: Parameters, optimizer: Any, device: torch.device) -> None:
        self.flat = torch.cat([value.flatten() for value in initial.values()]).to(device)
        self.flat.grad = torch.empty_like(self.flat)
        self.parameters = views(self.flat, initial)
        self.values = [value.requires_grad_() for value in self.parameters.values()]
        self.optimizer = OPTIMIZERS[optimizer.name]([self.flat], optimizer)

    def descend(self, loss: Tensor) -> None:
        """One step down `loss`, `[lanes]`."""
        gradients = torch.autograd.grad(loss.sum(), self.values)
        torch.cat([gradient.flatten() for gradient in gradients], out=self.flat.grad)
        self.optimizer.step()

    def clip(self, bound: float) -> None:
        """Bring every parameter into [-bound, bound]."""
        self.flat.clamp_(-bound, bound)


def views(flat: Tensor, like: Parameters) -> Parameters:
    """Parts of `flat` with the names and shapes of `like`."""
    parts = flat.split([value.numel() for value in like.values()])
    return {name: part.view(value.shape) for part, (name, value) in zip(parts, like.items(), strict=True)}


class Game:
    """Generators against discriminators, one pair a lane, under a cell's recipe and loss."""

    def __init__(self, cell: Cell, dims: int, seeds: Sequence[int], device: torch.device) -> None:
        recipe = self.recipe = cell.recipe
        self.loss = make_loss(cell.settings)
        self.generator = Generator(recipe.noise, recipe.generator, dims)
        self.discriminator = Discriminator(recipe.discriminator, dims)
        self.g = Player(self.generator.initial(seeds), recipe.generator_optimizer or recipe.optimizer, device)
        self.d = Player(self.discriminator.initial(seeds), recipe.optimizer, device)
        self.average = self.g.flat.clone()
        self.separate = recipe.update == "real_then_fake" and can_update_separately(self.loss)
        self.round = 0
        self._missing = torch.full((len(seeds),), torch.nan, device=device)
        self._zero = torch.zeros(len(seeds), device=device)

    @property
    def judged(self) -> Parameters:
        """The generator's parameters that count as its result: averaged where the recipe asks for it."""
        return views(self.average, self.g.parameters) if self.recipe.generator.average else self.g.parameters

    def critic(self, examples: Tensor) -> Tensor:
        """Logits `[lanes, batch]` of examples `[lanes, batch, pack, dims]`."""
        return self.discriminator(self.d.parameters, examples)

    def fake(self, noise: Tensor) -> Tensor:
        """Generated examples `[lanes, batch, pack, dims]`."""
        samples = self.generator(self.g.parameters, noise)
        return samples.reshape(len(samples), -1, self.recipe.discriminator.pack, samples.shape[-1])

    def play(self, draws: Round) -> Tensor:
        """One round. The losses met, averaged over the round's updates: `[TERMS, lanes]`."""
        k = self.recipe.discriminator_steps
        met = []
        for i in range(k):
            with torch.no_grad():
                fake = self.fake(draws.noise[i])
            met.append(self.train_discriminator(fake, draws, i))
        losses = [self._generator_step(draws, i) for i in range(k, len(draws.noise))]
        if self.recipe.generator.average:
            self._update_average()
        self.round += 1
        return torch.cat([_mean(met), _mean(losses)])

    def train_discriminator(self, fake: Tensor, draws: Round, i: int) -> Tensor:
        """The round's update `i` of the discriminator, against the examples `fake`. The losses met, all of
        `TERMS` but the generator's."""
        step = self._separate_updates if self.separate else self._joint_update
        return torch.stack(step(draws.real[i], fake, draws, i)).detach()

    def _joint_update(self, real: Tensor, fake: Tensor, draws: Round, i: int) -> tuple[Tensor, ...]:
        C_real, C_fake = self.critic(torch.cat([real, fake], dim=1)).chunk(2, dim=1)
        u = draws.labels[i]
        if isinstance(self.loss, TwoTermLoss):
            real_term = self.loss.real(C_real, u[0]).mean(dim=1)
            fake_term = self.loss.fake(C_fake, u[1]).mean(dim=1)
            loss = real_term + fake_term
        else:
            real_term = fake_term = self._missing
            loss = self.loss.discriminator(C_real, C_fake, (u[0], u[1])).mean(dim=1)
        if self.loss.penalty is None:
            penalty = self._zero
            self._descend_discriminator(loss)
        else:
            noise = None if draws.penalty is None else draws.penalty[i]
            penalty = self.loss.penalty(self.critic, real, fake, noise)
            self._descend_discriminator(loss + penalty)
        return real_term, fake_term, loss, penalty

    def _separate_updates(self, real: Tensor, fake: Tensor, draws: Round, i: int) -> tuple[Tensor, ...]:
        assert isinstance(self.loss, TwoTermLoss)
        real_term = self.loss.real(self.critic(real), draws.labels[i][0]).mean(dim=1)
        self._descend_discriminator(real_term)
        fake_term = self.loss.fake(self.critic(fake), draws.labels[i][1]).mean(dim=1)
        self._descend_discriminator(fake_term)
        return real_term, fake_term, real_term + fake_term, self._zero

    def _descend_discriminator(self, loss: Tensor) -> None:
        self.d.descend(loss)
        if self.loss.clip is not None:
            self.d.clip(self.loss.clip)

    def _generator_step(self, draws: Round, i: int) -> Tensor:
        C_fake = self.critic(self.fake(draws.noise[i]))
        C_real = None
        if not isinstance(self.loss, TwoTermLoss):
            with torch.no_grad():
                C_real = self.critic(draws.real[-1])
        loss = self.loss.generator(C_fake, C_real, draws.labels[i][0]).mean(dim=1)
        self.g.descend(loss)
        return loss.detach()[None]

    def _update_average(self) -> None:
        # A long average would otherwise remember the initial values; the ramp is TensorFlow's `num_updates`.
        decay = min(self.recipe.generator.average, (1 + self.round) / (10 + self.round))
        self.average.lerp_(self.g.flat, 1 - decay)


def _mean(losses: list[Tensor]) -> Tensor:
    return losses[0] if len(losses) == 1 else torch.stack(losses).mean(dim=0)


def can_update_separately(loss: object) -> bool:
    """Whether the discriminator's two terms may be descended one after the other."""
    return isinstance(loss, TwoTermLoss) and loss.separable


def detached(parameters: Parameters) -> Iterable[tuple[str, Tensor]]:
    """Copies on the CPU, by name."""
    return ((name, value.detach().cpu().clone()) for name, value in parameters.items())
