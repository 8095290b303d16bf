"""Networks of the study's own: any `torch.nn.Module`, one in every replica, each computed by itself.

A replica's arithmetic is that of its module alone, on memory that begins like any other's. So its bits hold
in any batch composition, whatever operations the module is made of."""

from collections.abc import Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from ganstudy.core import own
from ganstudy.core.errors import UserError
from ganstudy.core.random import generator
from ganstudy.networks.family import Parameters


class Modules:
    """A module in every replica, made by the settings' `use` from the network's two ends and the options.

    Random numbers that it draws, for its initial values or as dropout does, come from each replica's own
    stream. Buffers, such as running means, are each replica's own too."""

    def __init__(self, settings: Any, ends: tuple[Any, ...], shape: tuple[int, ...]) -> None:
        """`shape` is that of what comes out for each example."""
        self.settings, self.ends, self.shape = settings, ends, shape
        self.nonlinear_widths: list[int] = []
        self.is_training = True
        self.buffers: Parameters = {}
        self._seeds: list[int] = []
        self._network = ""
        self._calls = torch.zeros((), dtype=torch.int64)
        self._module: nn.Module | None = None

    @property
    def state(self) -> list[Tensor]:
        """All that calls change."""
        return [self._calls, *self.buffers.values()]

    def initial(self, seeds: Sequence[int], network: str) -> Parameters:
        """Initial values, each replica's from its own seed's stream, by the module's own names."""
        self._seeds, self._network = list(seeds), network
        modules = []
        for seed in seeds:
            _seed(seed, "init", network)
            modules.append(self._made())
        self._module = modules[0]
        self.buffers = _stacked([dict(module.named_buffers()) for module in modules])
        return _stacked([dict(module.named_parameters()) for module in modules])

    def __call__(self, parameters: Parameters, x: Tensor, condition: Tensor | None = None) -> Tensor:
        """`[replicas, n, …]` to what the module makes of each replica's `[n, …]`: `[replicas, n, *shape]`."""
        told = [] if condition is None or not condition.shape[-1] else [condition]
        if self._module is None:
            self._module = self._made().to(x.device)
        module = self._module.train(self.is_training)
        made = []
        for replica, given in enumerate(zip(x, *told, strict=True)):
            _seed(self._seeds[replica] if self._seeds else 0, "calls", self._network, int(self._calls))
            # Copies begin where memory is aligned, whichever replica they are of. Buffers are for changing.
            state = {name: value[replica] for name, value in self.buffers.items()}
            state |= {name: value[replica].clone() for name, value in parameters.items()}
            made.append(self._applied(module, state, *(ours.clone() for ours in given)))
        self._calls += 1
        return self.shaped(torch.stack(made), x)

    def shaped(self, made: Tensor, given: Tensor) -> Tensor:
        """What was made of `given`, `[replicas, n, …]`, as `[replicas, n, *shape]`: it may be flat, and have
        axes of length 1 besides. UserError if it has another shape."""
        wanted = (*given.shape[:2], *self.shape)
        axes = [length for length in made.shape[2:] if length != 1]
        fits = (
            [length for length in self.shape if length != 1],
            [length for length in [prod(self.shape)] if length != 1],
        )
        if made.shape[:2] != wanted[:2] or axes not in fits:
            raise UserError(
                f"{own.HOME / self.settings.use}: given {list(given.shape[1:])} it returned shape "
                f"{list(made.shape[1:])}, expected {list(wanted[1:])}"
            )
        return made.reshape(wanted)

    def _applied(self, module: nn.Module, state: Parameters, *given: Tensor) -> Tensor:
        """What the module makes of it. UserError if it raises, or makes no tensor."""
        use = self.settings.use
        try:
            made = functional_call(module, state, given)
        except Exception as error:
            words = f"{own.HOME / use}: given {list(given[0].shape)}: {type(error).__name__}: {error}"
            raise UserError(own.failure(error) or " ".join(words.split())) from error
        if not isinstance(made, Tensor):
            raise UserError(f"{own.HOME / use}: returned a {type(made).__name__}, expected a tensor")
        return made

    def _made(self) -> nn.Module:
        use = self.settings.use
        module = own.make(use, *self.ends, **self.settings.options)
        if not isinstance(module, nn.Module):
            raise UserError(f"{own.HOME / use}: made a {type(module).__name__}, should be a torch.nn.Module")
        parameters = dict(module.named_parameters())
        if not parameters:
            raise UserError(f"{own.HOME / use}: has no parameters, so that nothing can be trained")
        for name, parameter in parameters.items():
            if not parameter.requires_grad:
                raise UserError(
                    f"{own.HOME / use}: {name} requires no gradient, but every parameter is trained; "
                    "make it a buffer"
                )
        for name, tensor in (*parameters.items(), *module.named_buffers()):
            if tensor.is_floating_point() and tensor.dtype != torch.float32:
                kind = str(tensor.dtype).removeprefix("torch.")
                raise UserError(f"{own.HOME / use}: {name} is {kind}, expected float32")
        return module


def _seed(*names: int | str) -> None:
    torch.manual_seed(int(generator("modules", *names).integers(2**63)))


def _stacked(replicas: Sequence[dict[str, Tensor]]) -> Parameters:
    with torch.no_grad():
        return {name: torch.stack([replica[name].detach() for replica in replicas]) for name in replicas[0]}
