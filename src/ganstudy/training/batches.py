"""The batches of a training: real samples and random numbers, drawn in blocks of steps.

A block is a pure function of the seed and the block's number, so a gan can be taken up at any block without
having kept a generator's state. How many steps a block has depends on the recipe alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudy.core.random import generator
from ganstudy.losses.loss import Loss
from ganstudy.networks.generator import Generator
from ganstudy.sources.stream import Stream
from ganstudy.training.recipe import Recipe

# Numbers held for one replica and stream: enough to make drawing cheap, little enough to stay in memory.
BLOCK_NUMBERS = 2**17
LONGEST_BLOCK = 1000


@dataclass(frozen=True)
class Batch:
    """What one step consumes, for all replicas. The first axis counts updates in the step."""

    real: Tensor
    """`[discriminator steps, replicas, batch, pack, *shape]`"""
    noise: Tensor
    """`[discriminator steps + generator steps, replicas, batch × pack, noise size]`"""
    labels: Tensor
    """U(0, 1) for random labels, `[discriminator steps + generator steps, 2, replicas, batch]`: for real and
    for generated samples. The generator's step uses the first. The batch is empty where the loss has no label
    noise."""
    penalty: Tensor
    """`[discriminator steps, replicas, batch, …]`, for the loss's penalty. Empty where it draws nothing."""
    condition: Tensor
    """What networks are told of the real samples, and of the generated ones that meet them,
    `[discriminator steps, replicas, batch, pack, classes]`. Empty where they are told nothing."""


class BatchSampler:
    """The batches of a training, in order, for the replicas of `seeds`."""

    def __init__(
        self,
        recipe: Recipe,
        generator: Generator,
        loss: Loss,
        stream: Stream,
        shape: tuple[int, ...],
        seeds: Sequence[int],
        device: torch.device,
        classes: int = 0,
    ) -> None:
        self.recipe, self.generator, self.loss, self.stream = recipe, generator, loss, stream
        self.shape, self.seeds, self.device, self.classes = shape, seeds, device, classes
        self.k, self.both = recipe.discriminator_steps, recipe.discriminator_steps + recipe.generator_steps
        samples = recipe.batch * recipe.discriminator.pack
        a_step = samples * max(self.k * prod(shape), self.both * recipe.noise.size)
        self.block = max(1, min(LONGEST_BLOCK, BLOCK_NUMBERS // a_step))

    def of_block(self, block: int) -> Iterator[Batch]:
        """The batches of that block, one a step."""
        n, k, both = self.block, self.k, self.both
        batch, pack = self.recipe.batch, self.recipe.discriminator.pack
        samples = batch * pack
        count, lead = n * k * samples, (n, k, batch, pack)
        real = self._stack(lambda seed: self.stream.take(seed, block, count).reshape(*lead, *self.shape))
        condition = self._stack(
            lambda seed: self.stream.condition(seed, block, count).reshape(*lead, self.classes)
        )
        noise = self._stack(
            lambda seed: self.generator.draw_noise(
                generator(seed, "noise", block), n * both * samples
            ).reshape(n, both, samples, -1)
        )
        labels = self._labels(block)
        penalty = self._penalty(block)
        for i in range(n):
            yield Batch(real[i], noise[i], labels[i], penalty[i], condition[i])

    def _stack(self, draw: Callable[[int], NDArray[np.float32]]) -> Tensor:
        """`draw(seed)`, `[steps, updates, …]`, of all replicas: `[steps, updates, replicas, …]`."""
        return torch.from_numpy(np.stack([draw(seed) for seed in self.seeds], axis=2)).to(self.device)

    def _labels(self, block: int) -> Tensor:
        if self.loss.label_noise is None:
            return torch.empty(self.block, self.both, 2, len(self.seeds), 0, device=self.device)
        # Fixed labels are those of the first batch for ever.
        fixed = self.loss.label_noise == "fixed"
        shape = (1, 1, self.recipe.batch, 2) if fixed else (self.block, self.both, self.recipe.batch, 2)
        drawn = self._stack(
            lambda seed: generator(seed, "labels", 0 if fixed else block).random(shape, dtype=np.float32)
        )
        return drawn.expand(self.block, self.both, -1, -1, -1).movedim(-1, 2)

    def _penalty(self, block: int) -> Tensor:
        penalty = self.loss.penalty
        if penalty is None or not penalty.is_random:
            return torch.empty(self.block, self.k, len(self.seeds), 0, device=self.device)
        batch = (self.block, self.k, self.recipe.batch)
        example = (self.recipe.discriminator.pack, *self.shape)
        return self._stack(lambda seed: penalty.noise(generator(seed, "penalty", block), batch, example))
