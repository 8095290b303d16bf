"""What a loss is: two objectives, both minimised, stated on the discriminator's logits.

`C` is the discriminator's output (a logit, or a critic's score) and `D = sigmoid(C)`. Every method maps
logits of shape `[replicas, batch]` to losses of that shape, one for each example; training averages over the
batch and adds up the replicas, so that each replica gets exactly its own gradient.
"""

from abc import ABC, abstractmethod
from typing import ClassVar, Literal, NamedTuple

from ganstudy.core.lazy import Tensor
from ganstudy.core.registry import Component
from ganstudy.losses.penalties import Penalty

Estimate = Literal["probability", "score"]
"""How the trained discriminator estimates the probability that a sample is real: by D, or by C itself,
clipped to [0, 1]."""


class AtMatch(NamedTuple):
    """Values when the generator's distribution equals the data's and the discriminator is optimal, without
    penalties. None where the optimum leaves them free."""

    logit: float | None = None
    """The optimal discriminator's."""
    real: float | None = None
    fake: float | None = None
    discriminator: float | None = None
    """`real` + `fake` for losses of two terms."""
    generator: float | None = None
    brier: float | None = None
    """Mean squared error of D against the labels 1 and 0."""


class Loss(Component, ABC):
    """A pair of objectives, with any penalty on the discriminator."""

    paper: str = ""
    """Where it comes from."""
    at_match: AtMatch = AtMatch()
    brier_of: Estimate | None = None
    """What of the discriminator estimates a probability; None where C has a free constant or scale."""
    has_penalty: ClassVar[bool] = False
    """Whether its discriminator descends a gradient norm besides, which costs about as much again."""
    penalty: Penalty | None = None
    clip: float | None = None
    """Bound on the discriminator's weights, enforced after each of its updates."""
    label_noise: str | None = None
    """`per_batch` or `fixed` for losses whose labels are random."""

    @abstractmethod
    def discriminator(self, real: Tensor, fake: Tensor, u: tuple[Tensor, Tensor]) -> Tensor:
        """The discriminator's loss on paired logits. `u` holds U(0, 1) numbers for random labels."""

    @abstractmethod
    def generator(self, fake: Tensor, real: Tensor | None, u: Tensor) -> Tensor:
        """The generator's loss. `real` is given to losses that are not of two terms."""


class TwoTermLoss(Loss):
    """A discriminator loss that is a sum of a term of real and a term of generated samples."""

    @abstractmethod
    def real(self, C: Tensor, u: Tensor) -> Tensor:
        """The term of real samples."""

    @abstractmethod
    def fake(self, C: Tensor, u: Tensor) -> Tensor:
        """The term of generated samples."""

    def discriminator(self, real: Tensor, fake: Tensor, u: tuple[Tensor, Tensor]) -> Tensor:
        return self.real(real, u[0]) + self.fake(fake, u[1])
