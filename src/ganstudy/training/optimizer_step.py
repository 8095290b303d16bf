"""A network in every replica, and its steps down an objective."""

from collections.abc import Callable
from itertools import islice
from typing import Any

import torch
from torch import Tensor

from ganstudy.networks.family import Parameters
from ganstudy.training.capture.captured_step import CapturedStep, record
from ganstudy.training.capture.padding import VECTOR
from ganstudy.training.optimizers import make_optimizer

Objective = Callable[..., tuple[Tensor, Tensor]]
"""From a network's parameters and further tensors: the loss to descend, `[replicas, batch]`, and what to
report of it, `[…, replicas, batch]`. There may be more replicas than the player has, which are not looked
at."""


class TrainState:
    """A network's parameters in every replica, with their optimiser.

    All parameters lie one after the other in a single tensor: an optimiser's step costs as much in
    bookkeeping for each tensor as it does in arithmetic for these small ones.
    """

    def __init__(self, initial: Parameters, optimizer: Any, device: torch.device) -> None:
        self.shapes = {name: value.shape for name, value in initial.items()}
        self.replicas = len(next(iter(initial.values())))
        values = torch.cat([value.flatten() for value in initial.values()]).to(device)
        self.padding = torch.zeros(-len(values) % VECTOR, device=device)
        self.flat = torch.cat([values, self.padding])
        self.parameters = self.views(self.flat)
        self.optimizer = make_optimizer(optimizer)
        self.state = self.optimizer.state(self.flat)

    @property
    def changing(self) -> list[Tensor]:
        """All that its steps change."""
        return [self.flat, *self.state]

    def views(self, flat: Tensor) -> Parameters:
        """Parts of `flat` by the parameters' names and in their shapes."""
        parts = flat.split([shape.numel() for shape in self.shapes.values()] + [len(self.padding)])
        return {
            name: part.view(shape)
            for (name, shape), part in zip(self.shapes.items(), parts[:-1], strict=True)
        }


class OptimizerStep:
    """A network's way of taking a step: down an objective, and then within `bound` if there is one.

    Worked out once and played back, or, for an objective that is not the same at every step, each time.
    """

    def __init__(
        self, player: TrainState, objective: Objective, bound: float | None = None, once: bool = True
    ) -> None:
        self.player, self.objective, self.bound = player, objective, bound
        self._recording: CapturedStep | None = None if once else self._step

    def __call__(self, *given: Tensor) -> Tensor:
        """One step, for what else the objective asks. Its report, averaged over the batch."""
        player = self.player
        arguments = (player.flat, *player.state, *player.parameters.values(), *given)
        if self._recording is None:
            self._recording = record(self._step, *arguments)
        return self._recording(*arguments)[0]

    def _step(self, flat: Tensor, *rest: Tensor) -> tuple[Tensor]:
        player = self.player
        given = iter(rest)
        state = list(islice(given, len(player.state)))
        parameters = {name: next(given).detach().requires_grad_() for name in player.parameters}
        with torch.enable_grad():
            loss, report = self.objective(parameters, *given)
            # Of one number: given a gradient for each, autograd would import a library of symbols, half a
            # second.
            gradients = torch.autograd.grad(
                (loss / loss.shape[1]).sum(), list(parameters.values()), materialize_grads=True
            )
        with torch.no_grad():
            report = report.detach().mean(dim=-1)[..., : player.replicas]
            gradient = torch.cat([*(part.flatten() for part in gradients), player.padding])
            player.optimizer.update(flat, gradient, *state)
            if self.bound is not None:
                flat.clamp_(-self.bound, self.bound)
        return (report,)
