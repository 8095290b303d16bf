"""torch.optim's update rules, as arithmetic on tensors.

Each takes the parameters, their gradient and the rule's state, changes parameters and state in place, and
keeps nothing of its own, so that a step can be captured and replayed.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from ganstudy.core.lazy import Tensor, torch
from ganstudy.core.settings import Positive, Setting, Share, Unstrict
from ganstudy.core.text import exact, listed


class Sgd(Setting):
    """Stochastic gradient descent."""

    name: Literal["sgd"]
    lr: Positive
    """Learning rate."""
    momentum: Share = 0.0
    """0 for none."""

    def __str__(self) -> str:
        return f"SGD at {exact(self.lr)}" + (f" (momentum {exact(self.momentum)})" if self.momentum else "")


class Adam(Setting):
    """Kingma & Ba 2014, arXiv 1412.6980."""

    name: Literal["adam"]
    lr: Positive
    """Learning rate."""
    betas: Annotated[tuple[Share, Share], Unstrict] = (0.9, 0.999)
    """Decay per step of the averages of the gradient and of its square."""
    eps: Positive = 1e-8
    """Added to the root of the second."""

    def __str__(self) -> str:
        return f"Adam at {exact(self.lr)} (β {listed(map(exact, self.betas))})"


class RmsProp(Setting):
    """Tieleman & Hinton 2012, lecture 6.5."""

    name: Literal["rmsprop"]
    lr: Positive
    """Learning rate."""
    alpha: Share = 0.99
    """Decay per step of the average of the squared gradient."""
    eps: Positive = 1e-8
    """Added to its root."""

    def __str__(self) -> str:
        return f"RMSprop at {exact(self.lr)}"


OptimizerBlock = Annotated[Sgd | Adam | RmsProp, Field(discriminator="name")]
"""A block `optimizer:` of params.yaml."""

Update = Callable[..., None]


class Optimizer(NamedTuple):
    """An update rule with its settings."""

    update: Update
    """`update(parameters, gradient, *state)`"""
    state: Callable[[Tensor], list[Tensor]]
    """The state before the first step, from the parameters."""


def make_optimizer(settings: Any) -> Optimizer:
    """The rule that the settings name."""
    return OPTIMIZERS[settings.name](settings)


def _sgd(s: Any) -> Optimizer:
    from torch.optim.sgd import sgd

    def update(parameters: Tensor, gradient: Tensor, *momentum: Tensor) -> None:
        sgd(
            [parameters], [gradient], [momentum[0] if momentum else None], fused=True, lr=s.lr,
            momentum=s.momentum, weight_decay=0.0, dampening=0.0, nesterov=False, maximize=False,
        )  # fmt: skip

    return Optimizer(update, lambda flat: [torch.zeros_like(flat)] if s.momentum else [])


def _adam(s: Any) -> Optimizer:
    from torch.optim.adam import adam

    def update(parameters: Tensor, gradient: Tensor, mean: Tensor, square: Tensor, step: Tensor) -> None:
        adam(
            [parameters], [gradient], [mean], [square], [], [step], fused=True, lr=s.lr, beta1=s.betas[0],
            beta2=s.betas[1], eps=s.eps, weight_decay=0.0, amsgrad=False, maximize=False,
        )  # fmt: skip

    return Optimizer(update, lambda flat: [torch.zeros_like(flat), torch.zeros_like(flat), _step(flat)])


def _rmsprop(s: Any) -> Optimizer:
    from torch.optim.rmsprop import rmsprop

    def update(parameters: Tensor, gradient: Tensor, square: Tensor, step: Tensor) -> None:
        rmsprop(
            [parameters], [gradient], [square], [], [], [step], foreach=False, lr=s.lr, alpha=s.alpha,
            eps=s.eps, weight_decay=0.0, momentum=0.0, centered=False,
        )  # fmt: skip

    return Optimizer(update, lambda flat: [torch.zeros_like(flat), _step(flat)])


def _step(flat: Tensor) -> Tensor:
    return torch.zeros((), device=flat.device)


OPTIMIZERS: dict[str, Callable[[Any], Optimizer]] = {"sgd": _sgd, "adam": _adam, "rmsprop": _rmsprop}
