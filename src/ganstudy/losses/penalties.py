"""Penalties on the discriminator's gradient norm.

The gradient is that of the logit with respect to one example, its norm taken over all values of all its
samples together; never over the batch, never over channels alone.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ganstudy.core.lazy import Tensor, torch

Critic = Callable[[Tensor], Tensor]
"""Examples `[replicas, batch, pack, …]` to logits `[replicas, batch]`."""


class Penalty(ABC):
    """A term that is added to the discriminator's loss.

    It says where the gradient's norm matters, and what a norm costs there.
    """

    def __init__(self, weight: float) -> None:
        self.weight = weight

    is_random = True

    def noise(
        self, rng: np.random.Generator, batch: tuple[int, ...], example: tuple[int, ...]
    ) -> NDArray[np.float32]:
        """Random numbers for a `batch` of examples, `[*batch, *example]`; they broadcast against it."""
        return rng.random((*batch, *(1 for _ in example)), dtype=np.float32)

    def points(self, real: Tensor, fake: Tensor, noise: Tensor) -> Tensor | None:
        """Where to take the gradient, `[replicas, batch, pack, …]`. None: at the real and the generated
        examples themselves, in that order."""
        return None

    @abstractmethod
    def __call__(self, C: Tensor, squared_gradient_norm: Tensor) -> Tensor:
        """What each point costs, `[replicas, points]`, by its logit and ‖∇C‖²; a replica pays their mean."""


def squared_gradient_norm(critic: Critic, x: Tensor) -> tuple[Tensor, Tensor]:
    """The logits of examples and ‖∇C(x)‖², both `[replicas, batch]` and differentiable."""
    x = x.detach().requires_grad_()
    C = critic(x)
    (gradient,) = torch.autograd.grad(C.sum(), x, create_graph=True)
    return C, gradient.square().flatten(3).sum(dim=(-2, -1))


def root(square: Tensor) -> Tensor:
    """√, with a finite gradient where the critic is constant."""
    return (square + 1e-12).sqrt()


class GradientPenalty(Penalty):
    """λ (‖∇C(x̂)‖ - 1)², x̂ drawn uniformly on the segment from a real to a generated example.

    Gulrajani et al. 2017, arXiv 1704.00028.
    """

    def points(self, real: Tensor, fake: Tensor, noise: Tensor) -> Tensor | None:
        return real + noise * (fake - real)

    def __call__(self, C: Tensor, squared_gradient_norm: Tensor) -> Tensor:
        return self.weight * (root(squared_gradient_norm) - 1).square()


class R1R2(Penalty):
    """γ/2 ‖∇C(x)‖² + γ/2 ‖∇C(G)‖²: R1 and R2 together.

    Roth et al. 2017, arXiv 1705.09367; Huang et al. 2024, arXiv 2501.05441.
    """

    is_random = False

    def __call__(self, C: Tensor, squared_gradient_norm: Tensor) -> Tensor:
        # The mean over real and generated examples together is half the sum of their two means.
        return self.weight * squared_gradient_norm


class DraganPenalty(Penalty):
    """λ (‖∇D(x + δ)‖ - 1)² around real examples. Kodali et al. 2017, arXiv 1705.07215."""

    def __init__(self, weight: float, of_logit: bool, uniform: bool, spread: float) -> None:
        super().__init__(weight)
        self.of_logit, self.uniform, self.spread = of_logit, uniform, spread

    def noise(
        self, rng: np.random.Generator, batch: tuple[int, ...], example: tuple[int, ...]
    ) -> NDArray[np.float32]:
        shape = (*batch, *example)
        return rng.random(shape, dtype=np.float32) if self.uniform else rng.standard_normal(shape, np.float32)

    def points(self, real: Tensor, fake: Tensor, noise: Tensor) -> Tensor | None:
        # The uniform δ is in units of the batch's standard deviation, all values of a replica together.
        if not self.uniform:
            return real + self.spread * noise
        std = real.flatten(3).std(dim=(1, 2, 3), correction=0)
        return real + self.spread * std.view(-1, *(1 for _ in real.shape[1:])) * noise

    def __call__(self, C: Tensor, squared_gradient_norm: Tensor) -> Tensor:
        norm = root(squared_gradient_norm)
        if not self.of_logit:
            D = C.sigmoid()
            norm = D * (1 - D) * norm
        return self.weight * (norm - 1).square()
