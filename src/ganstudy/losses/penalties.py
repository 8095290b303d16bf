"""Penalties on the discriminator's slope.

The slope is the norm of the gradient of the logit with respect to one example, all its samples and
dimensions together; never over the batch, never over channels alone.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Critic = Callable[[Tensor], Tensor]
"""Examples `[lanes, batch, pack, dims]` to logits `[lanes, batch]`."""


class Penalty(ABC):
    """A term, averaged over examples, that is added to the discriminator's loss."""

    def __init__(self, weight: float) -> None:
        self.weight = weight

    is_random = True

    def noise(self, rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Random numbers for examples of `shape`, `(…, batch, pack, dims)`; they broadcast against it."""
        return rng.random((*shape[:-2], 1, 1), dtype=np.float32)

    @abstractmethod
    def __call__(self, critic: Critic, real: Tensor, fake: Tensor, noise: Tensor | None) -> Tensor:
        """The penalty of each lane, `[lanes]`."""


def squared_slope(critic: Critic, x: Tensor) -> Tensor:
    """‖∇C(x)‖² of each example, `[lanes, batch]`."""
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return gradient.square().sum(dim=(-2, -1))


def slope(critic: Critic, x: Tensor) -> Tensor:
    """‖∇C(x)‖ of each example, `[lanes, batch]`."""
    # Without the addend the root's own gradient is infinite on a constant critic.
    return (squared_slope(critic, x) + 1e-12).sqrt()


class UnitSlope(Penalty):
    """λ (‖∇C(x̂)‖ - 1)², x̂ drawn uniformly on the segment from a real to a generated example.

    Gulrajani et al. 2017, arXiv 1704.00028.
    """

    def __call__(self, critic: Critic, real: Tensor, fake: Tensor, noise: Tensor | None) -> Tensor:
        assert noise is not None
        between = torch.lerp(real, fake, noise)
        return self.weight * (slope(critic, between) - 1).square().mean(dim=1)


class ZeroSlope(Penalty):
    """γ/2 ‖∇C(x)‖² + γ/2 ‖∇C(G)‖²: R1 and R2 together.

    Roth et al. 2017, arXiv 1705.09367; Huang et al. 2024, arXiv 2501.05441.
    """

    is_random = False

    def __call__(self, critic: Critic, real: Tensor, fake: Tensor, noise: Tensor | None) -> Tensor:
        both = squared_slope(critic, torch.cat([real, fake], dim=1))
        # The mean over real and generated examples together is half the sum of their two means.
        return self.weight * both.mean(dim=1)


class UnitSlopeNearData(Penalty):
    """λ (‖∇D(x + δ)‖ - 1)² around real examples. Kodali et al. 2017, arXiv 1705.07215."""

    def __init__(self, weight: float, of_logit: bool, uniform: bool, spread: float) -> None:
        super().__init__(weight)
        self.of_logit, self.uniform, self.spread = of_logit, uniform, spread

    def noise(self, rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
        return rng.random(shape, dtype=np.float32) if self.uniform else rng.standard_normal(shape, np.float32)

    def __call__(self, critic: Critic, real: Tensor, fake: Tensor, noise: Tensor | None) -> Tensor:
        assert noise is not None
        # The uniform δ is in units of the batch's standard deviation, all values of a lane together.
        unit = real.std(dim=(1, 2, 3), correction=0, keepdim=True) if self.uniform else 1.0
        near = real + self.spread * unit * noise

        def probability(x: Tensor) -> Tensor:
            return critic(x).sigmoid()

        judged = critic if self.of_logit else probability
        return self.weight * (slope(judged, near) - 1).square().mean(dim=1)
