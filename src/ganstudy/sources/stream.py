"""Real samples in the order in which one seed's training meets them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from ganstudy.core.random import generator
from ganstudy.sources.source import Distribution, Samples


class Stream(ABC):
    """Real samples for training. Block `block` of a seed's stream is the same whenever it is asked for."""

    @abstractmethod
    def take(self, seed: int, block: int, n: int) -> Samples:
        """The `n` samples of that block, `[n, …]`. All blocks of a seed must be of one size."""


@dataclass(frozen=True)
class Fresh(Stream):
    """Never the same sample twice."""

    distribution: Distribution

    def take(self, seed: int, block: int, n: int) -> Samples:
        return self.distribution.draw(generator(seed, "data", block), n)


@dataclass(frozen=True)
class Shuffled(Stream):
    """Every sample once an epoch, in an order of each epoch's own."""

    samples: Samples

    def take(self, seed: int, block: int, n: int) -> Samples:
        size = len(self.samples)
        epochs = range(block * n // size, ((block + 1) * n - 1) // size + 1)
        order = np.concatenate([generator(seed, "data", epoch).permutation(size) for epoch in epochs])
        start = block * n - epochs[0] * size
        taken: Samples = self.samples[order[start : start + n]]
        return taken
