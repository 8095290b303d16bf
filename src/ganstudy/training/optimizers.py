"""torch.optim's update rules, as arithmetic on tensors.

Each takes the parameters, their gradient and the rule's state, changes parameters and state in place, and
keeps nothing of its own, so that a step can be recorded, and stored.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.optim.adam import adam
from torch.optim.rmsprop import rmsprop
from torch.optim.sgd import sgd

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
    def update(parameters: Tensor, gradient: Tensor, *momentum: Tensor) -> None:
        sgd(
            [parameters], [gradient], [momentum[0] if momentum else None], fused=True, lr=s.lr,
            momentum=s.momentum, weight_decay=0.0, dampening=0.0, nesterov=False, maximize=False,
        )  # fmt: skip

    return Optimizer(update, lambda flat: [torch.zeros_like(flat)] if s.momentum else [])


def _adam(s: Any) -> Optimizer:
    def update(parameters: Tensor, gradient: Tensor, mean: Tensor, square: Tensor, step: Tensor) -> None:
        adam(
            [parameters], [gradient], [mean], [square], [], [step], fused=True, lr=s.lr, beta1=s.betas[0],
            beta2=s.betas[1], eps=s.eps, weight_decay=0.0, amsgrad=False, maximize=False,
        )  # fmt: skip

    return Optimizer(update, lambda flat: [torch.zeros_like(flat), torch.zeros_like(flat), _step(flat)])


def _rmsprop(s: Any) -> Optimizer:
    def update(parameters: Tensor, gradient: Tensor, square: Tensor, step: Tensor) -> None:
        rmsprop(
            [parameters], [gradient], [square], [], [], [step], foreach=False, lr=s.lr, alpha=s.alpha,
            eps=s.eps, weight_decay=0.0, momentum=0.0, centered=False,
        )  # fmt: skip

    return Optimizer(update, lambda flat: [torch.zeros_like(flat), _step(flat)])


def _step(flat: Tensor) -> Tensor:
    return torch.zeros((), device=flat.device)


OPTIMIZERS: dict[str, Callable[[Any], Optimizer]] = {"sgd": _sgd, "adam": _adam, "rmsprop": _rmsprop}
