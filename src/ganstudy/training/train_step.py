"""Generators and discriminators in every replica, and one training step.

Every loss is one of an example; each replica descends the mean over its batch. No operation mixes replicas,
so a replica's gradient is its own, and the optimisers' element-wise rules act on each replica as if it were
alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from ganstudy.losses.loss import TwoTermLoss
from ganstudy.losses.penalties import Critic, squared_gradient_norm
from ganstudy.losses.registry import make_loss
from ganstudy.networks.discriminator import Discriminator
from ganstudy.networks.family import Parameters
from ganstudy.networks.generator import Generator
from ganstudy.networks.registry import can_be_captured
from ganstudy.training.batches import Batch
from ganstudy.training.capture.captured_step import Captured
from ganstudy.training.capture.padding import pad
from ganstudy.training.cell import Cell
from ganstudy.training.checkpointer import State, count_array
from ganstudy.training.optimizer_step import OptimizerStep, TrainState

TERMS = ("discriminator_real", "discriminator_fake", "discriminator", "penalty", "generator")
"""What a step reports of each replica; the two terms are NaN for losses that do not have them."""


class GanTrainer:
    """Generators against discriminators, one pair a replica, under a cell's recipe and loss."""

    def __init__(
        self,
        cell: Cell,
        shape: Sequence[int],
        seeds: Sequence[int],
        device: torch.device,
        classes: int = 0,
    ) -> None:
        recipe = self.recipe = cell.recipe
        self.loss = make_loss(cell.settings)
        self.generator = Generator(recipe.noise, recipe.generator, shape, classes)
        self.discriminator = Discriminator(recipe.discriminator, shape, classes)
        self.g = TrainState(
            self.generator.initial(seeds), recipe.generator_optimizer or recipe.optimizer, device
        )
        self.d = TrainState(self.discriminator.initial(seeds), recipe.optimizer, device)
        self.ema = self.g.flat.clone()
        # A penalty concerns real and generated samples at once.
        self.separate = (
            recipe.update == "real_then_fake"
            and isinstance(self.loss, TwoTermLoss)
            and self.loss.penalty is None
        )
        bound, once = self.loss.clip, can_be_captured(recipe.generator, recipe.discriminator)
        self._step_both = OptimizerStep(self.d, self._both, bound, once)
        self._step_real = OptimizerStep(self.d, self._real, bound, once)
        self._step_fake = OptimizerStep(self.d, self._fake, bound, once)
        self._step_generator = OptimizerStep(self.g, self._generated, None, once)
        self._generate = Captured(self._made_by) if once else self._made_by
        self._ask = Captured(self._answered_by) if once else self._answered_by
        self.step = 0
        self._no_penalty = torch.zeros(1, len(seeds), device=device)

    @property
    def judged(self) -> Parameters:
        """The generator's parameters that count as its result: averaged where the recipe asks for it."""
        return self.g.views(self.ema) if self.recipe.generator.ema else self.g.parameters

    def critic(self, examples: Tensor, condition: Tensor) -> Tensor:
        """Logits `[replicas, batch]` of examples `[replicas, batch, pack, *shape]` with conditions
        `[replicas, batch, pack, classes]`, as of a finished network."""
        with _finished(self.discriminator):
            return self._ask(examples, condition, *self.d.parameters.values())[0]

    def generated(self, noise: Tensor, condition: Tensor) -> Tensor:
        """The judged generator's samples, `[replicas, n, *shape]`, for noise `[replicas, n, noise size]` and
        conditions `[replicas, n, classes]`, as of a finished network."""
        with _finished(self.generator):
            return self._generate(noise, condition, *self.judged.values())[0]

    def fake(self, noise: Tensor, condition: Tensor) -> Tensor:
        """Generated examples `[replicas, batch, pack, *shape]`, for noise `[replicas, batch × pack, …]` and
        conditions `[replicas, batch, pack, classes]`."""
        told = condition.flatten(1, 2)
        return self._packed(self._generate(noise, told, *self.g.parameters.values())[0])

    def _made_by(self, noise: Tensor, condition: Tensor, *parameters: Tensor) -> tuple[Tensor]:
        return (self.generator(dict(zip(self.g.shapes, parameters, strict=True)), noise, condition),)

    def _answered_by(self, examples: Tensor, condition: Tensor, *parameters: Tensor) -> tuple[Tensor]:
        return (self.discriminator(dict(zip(self.d.shapes, parameters, strict=True)), examples, condition),)

    def _packed(self, samples: Tensor) -> Tensor:
        return samples.view(len(samples), -1, self.recipe.discriminator.pack, *samples.shape[2:])

    def train_step(self, batch: Batch) -> Tensor:
        """One step. The losses, averaged over the step's updates: `[TERMS, replicas]`.

        Generated samples have the conditions of the real ones that they meet, the generator's updates those
        of the step's last, so that pairs and points between them share one.
        """
        k = self.recipe.discriminator_steps
        fakes = (self.fake(noise, told) for noise, told in zip(batch.noise, batch.condition, strict=False))
        losses_of_d = [self.train_discriminator(fake, batch, i) for i, fake in enumerate(fakes)]
        discriminator = self.d.parameters.values()
        losses_of_g = [
            self._step_generator(
                batch.noise[i], batch.real[-1], batch.labels[i], batch.condition[-1], *discriminator
            )
            for i in range(k, len(batch.noise))
        ]
        if self.recipe.generator.ema:
            self._update_ema()
        self.step += 1
        return torch.cat([_mean(losses_of_d), _mean(losses_of_g)])

    def train_discriminator(self, fake: Tensor, batch: Batch, i: int) -> Tensor:
        """The step's update `i` of the discriminator, against examples `fake`, `[replicas, batch, pack, …]`.
        The losses, all of `TERMS` but the generator's: `[4, replicas]`."""
        real, labels, told = batch.real[i], batch.labels[i], batch.condition[i]
        if not self.separate:
            return self._step_both(real, fake, labels, batch.penalty[i], told)
        terms = [self._step_real(real, labels, told), self._step_fake(fake, labels, told)]
        return torch.cat([*terms, terms[0] + terms[1], self._no_penalty])

    def _both(
        self, parameters: Parameters, real: Tensor, fake: Tensor, u: Tensor, noise: Tensor, told: Tensor
    ) -> tuple[Tensor, Tensor]:
        C, penalty = self._logits_and_penalty(parameters, real, fake, noise, told)
        C_real, C_fake = (pad(part) for part in C.chunk(2, dim=1))
        u = pad(u)
        if isinstance(self.loss, TwoTermLoss):
            terms = [self.loss.real(C_real, u[0]), self.loss.fake(C_fake, u[1])]
            loss = terms[0] + terms[1]
        else:
            loss = self.loss.discriminator(C_real, C_fake, (u[0], u[1]))
            terms = [torch.full_like(loss, torch.nan)] * 2
        if penalty is None:
            return loss, torch.stack([*terms, loss, torch.zeros_like(loss)])
        penalty = pad(penalty)
        return loss + penalty, torch.stack([*terms, loss, penalty])

    def _logits_and_penalty(
        self, parameters: Parameters, real: Tensor, fake: Tensor, noise: Tensor, told: Tensor
    ) -> tuple[Tensor, Tensor | None]:
        """Of the real and the generated examples together the logits, `[replicas, 2 × batch]`; and the
        penalty, `[replicas, batch]`."""

        def critic(condition: Tensor) -> Critic:
            return lambda x: self.discriminator(parameters, x, condition)

        both, of_both = torch.cat([real, fake], dim=1), critic(torch.cat([told, told], dim=1))
        penalty = self.loss.penalty
        if penalty is None:
            return of_both(both), None
        points = penalty.points(real, fake, noise)
        if points is not None:
            return of_both(both), penalty(*squared_gradient_norm(critic(told), points))
        C, square = squared_gradient_norm(of_both, both)
        return C, penalty(C, square).unflatten(1, (2, -1)).mean(dim=1)

    def _real(self, parameters: Parameters, real: Tensor, u: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        assert isinstance(self.loss, TwoTermLoss)
        loss = self.loss.real(pad(self.discriminator(parameters, real, told)), pad(u[0]))
        return loss, loss[None]

    def _fake(self, parameters: Parameters, fake: Tensor, u: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        assert isinstance(self.loss, TwoTermLoss)
        loss = self.loss.fake(pad(self.discriminator(parameters, fake, told)), pad(u[1]))
        return loss, loss[None]

    def _generated(
        self,
        parameters: Parameters,
        noise: Tensor,
        real: Tensor,
        u: Tensor,
        told: Tensor,
        *discriminator: Tensor,
    ) -> tuple[Tensor, Tensor]:
        d = dict(zip(self.d.shapes, discriminator, strict=True))
        fake = self._packed(self.generator(parameters, noise, told.flatten(1, 2)))
        C_fake = pad(self.discriminator(d, fake, told))
        C_real = None if isinstance(self.loss, TwoTermLoss) else pad(self.discriminator(d, real, told))
        loss = self.loss.generator(C_fake, C_real, pad(u[0]))
        return loss, loss[None]

    @property
    def state(self) -> State:
        """All that steps have changed."""
        tensors = {f"{i}": tensor.cpu().numpy() for i, tensor in enumerate(self._changing)}
        return {"step": count_array(self.step), **tensors}

    def restore(self, state: State) -> None:
        """Go on from a state that another training of this cell and these seeds has had."""
        self.step = int(state["step"][0])
        for i, tensor in enumerate(self._changing):
            tensor.copy_(torch.from_numpy(state[f"{i}"]))

    @property
    def _changing(self) -> list[Tensor]:
        networks = self.generator.network, self.discriminator.network
        return [
            *self.g.changing,
            *self.d.changing,
            self.ema,
            *(tensor for network in networks for tensor in network.state),
        ]

    def _update_ema(self) -> None:
        # A long average would otherwise remember the initial values; the ramp is TensorFlow's `num_updates`.
        decay = min(self.recipe.generator.ema, (1 + self.step) / (10 + self.step))
        self.ema.lerp_(self.g.flat, 1 - decay)


@contextmanager
def _finished(network: Generator | Discriminator) -> Iterator[None]:
    """With the network as it is used, not trained, in what makes a difference to it, as dropout does."""
    network.network.is_training = False
    try:
        yield
    finally:
        network.network.is_training = True


def _mean(losses: list[Tensor]) -> Tensor:
    return losses[0] if len(losses) == 1 else torch.stack(losses).mean(dim=0)
