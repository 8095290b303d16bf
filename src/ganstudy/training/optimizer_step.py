"""A network in every replica, and its steps down an objective."""

from collections.abc import Callable
from itertools import islice
from typing import Any

import torch
from torch import Tensor

from ganstudy.networks.family import Parameters
from ganstudy.training.capture.captured_step import CapturedStep, capture
from ganstudy.training.capture.padding import VECTOR
from ganstudy.training.optimizers import make_optimizer

Objective = Callable[..., tuple[Tensor, Tensor]]
"""From a network's parameters and further tensors: the loss to descend, `[replicas, batch]`, and what to
report of it, `[…, replicas, batch]`. There may be more replicas than the train state has; those are not
looked at."""


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
        """Parts of `flat`, `[numbers]`, by the parameters' names and in their shapes."""
        parts = flat.split([shape.numel() for shape in self.shapes.values()] + [len(self.padding)])
        return {
            name: part.view(shape)
            for (name, shape), part in zip(self.shapes.items(), parts[:-1], strict=True)
        }


class OptimizerStep:
    """A network's way of taking a step: down an objective, and then within `bound` if there is one.

    Captured once and replayed, or, for an objective that is not the same at every step, each time.
    """

    def __init__(
        self, train_state: TrainState, objective: Objective, bound: float | None = None, once: bool = True
    ) -> None:
        self.train_state, self.objective, self.bound = train_state, objective, bound
        self._captured: CapturedStep | None = None if once else self._step

    def __call__(self, *given: Tensor) -> Tensor:
        """One step, for what else the objective asks. Its report, a mean over the batch: `[…, replicas]`."""
        train_state = self.train_state
        arguments = (train_state.flat, *train_state.state, *train_state.parameters.values(), *given)
        if self._captured is None:
            self._captured = capture(self._step, *arguments)
        return self._captured(*arguments)[0]

    def _step(self, flat: Tensor, *rest: Tensor) -> tuple[Tensor]:
        train_state = self.train_state
        given = iter(rest)
        state = list(islice(given, len(train_state.state)))
        parameters = {name: next(given).detach().requires_grad_() for name in train_state.parameters}
        with torch.enable_grad():
            loss, report = self.objective(parameters, *given)
            # Of one number: given a gradient for each, autograd would import a library of symbols, half a
            # second.
            gradients = torch.autograd.grad(
                (loss / loss.shape[1]).sum(), list(parameters.values()), materialize_grads=True
            )
        with torch.no_grad():
            report = report.detach().mean(dim=-1)[..., : train_state.replicas]
            gradient = torch.cat([*(part.flatten() for part in gradients), train_state.padding])
            train_state.optimizer.update(flat, gradient, *state)
            if self.bound is not None:
                flat.clamp_(-self.bound, self.bound)
        return (report,)
