"""Real samples in the order in which one seed's training meets them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ganstudy.core.random import generator
from ganstudy.sources.labels import Condition
from ganstudy.sources.source import Distribution, Samples


class Stream(ABC):
    """Real samples for training. Block `block` of a seed's stream is the same whenever it is asked for."""

    @abstractmethod
    def take(self, seed: int, block: int, n: int) -> Samples:
        """The `n` samples of that block, `[n, …]`. All blocks of a seed must be of one size."""

    def condition(self, seed: int, block: int, n: int) -> Condition:
        """What networks are told of them, `[n, classes]`."""
        return np.zeros((n, 0), np.float32)


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
    told: Condition | None = None
    """What networks are told of each, `[n, classes]`."""

    def take(self, seed: int, block: int, n: int) -> Samples:
        taken: Samples = self.samples[self._order(seed, block, n)]
        return taken

    def condition(self, seed: int, block: int, n: int) -> Condition:
        if self.told is None:
            return super().condition(seed, block, n)
        told: Condition = self.told[self._order(seed, block, n)]
        return told

    def _order(self, seed: int, block: int, n: int) -> NDArray[np.intp]:
        size = len(self.samples)
        epochs = range(block * n // size, ((block + 1) * n - 1) // size + 1)
        order = np.concatenate([generator(seed, "data", epoch).permutation(size) for epoch in epochs])
        start = block * n - epochs[0] * size
        return np.asarray(order[start : start + n])
