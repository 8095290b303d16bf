"""What a family of networks is: a generator, a discriminator, or both, in every replica."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from ganstudy.core.lazy import Tensor
from ganstudy.core.registry import Component
from ganstudy.core.settings import Count, Setting, Share

Parameters = dict[str, Tensor]
"""By name, each `[replicas, …]`."""


class GeneratorSettings(Setting):
    """What any generator has."""

    moved: ClassVar = {"average": "it is called `ema` now"}

    ema: Share = 0.0
    """Decay per step of the exponential moving average of the parameters that is judged; 0 judges them as
    they are. Early on the decay is (1 + step) / (10 + step) when that is smaller."""


class DiscriminatorSettings(Setting):
    """What any discriminator has."""

    pack: Count = 1
    """Samples judged together as one example. PacGAN, arXiv 1712.04086."""


class Network(Protocol):
    """A network with its parameters apart, so that one serves all replicas."""

    nonlinear_widths: list[int]
    """How many values an example has in each layer that is more than additions and multiplications."""
    is_training: bool
    buffers: Parameters
    """What it keeps besides parameters, `[replicas, …]`."""

    @property
    def state(self) -> list[Tensor]:
        """All that calls change."""

    def initial(self, seeds: Sequence[int], network: str) -> Parameters:
        """Initial values, each replica's from its own seed's stream."""

    def __call__(self, parameters: Parameters, x: Tensor, condition: Tensor | None = None) -> Tensor:
        """Of a generator noise `[replicas, n, noise size]` to samples `[replicas, n, *shape]`; of a
        discriminator examples `[replicas, n, pack, *shape]` to logits `[replicas, n]`.

        `condition` is what it is told of each sample: `[replicas, n, classes]`, of a discriminator
        `[replicas, n, pack, classes]`, with no classes where it is told nothing.
        """


class Family(Component, ABC):
    """A kind of generator or discriminator."""

    can_be_captured: ClassVar[bool] = True
    """Whether it does the same at every call."""


class GeneratorFamily(Family):
    """A kind of generator."""

    @staticmethod
    @abstractmethod
    def network(settings: Any, noise: int, shape: tuple[int, ...], classes: int) -> Network:
        """From so many numbers, and a condition of so many classes, to samples of that shape."""

    @staticmethod
    @abstractmethod
    def layers(settings: Any) -> str:
        """In words: `hidden layers of 64 and 64 (relu)`."""

    @staticmethod
    def widths(settings: Any) -> tuple[int, ...]:
        """Of its hidden layers, by which its cost is estimated."""
        return ()


class DiscriminatorFamily(Family):
    """A kind of discriminator."""

    @staticmethod
    @abstractmethod
    def network(settings: Any, shape: tuple[int, ...], classes: int) -> Network:
        """From examples of `pack` samples of that shape, and their conditions, to logits."""

    @staticmethod
    @abstractmethod
    def layers(settings: Any) -> str:
        """In words, as of a generator."""

    @staticmethod
    def widths(settings: Any) -> tuple[int, ...]:
        """Of its hidden layers, by which its cost is estimated."""
        return ()

    @staticmethod
    def sees(settings: Any) -> str:
        """What it looks at of the samples of a pack besides themselves, in words; empty if nothing."""
        return ""
