"""Arithmetic captured once and replayed.

For networks this small autograd's book-keeping costs more than their arithmetic. But a training does the same
arithmetic in every step. So a function is run once, gradients and all, while every operation on tensors is
noted; from then on that list is executed as it stands. The operations are those that autograd
would have called; on a processor a few are computed by others (`training.capture.kernels`).
"""

from collections.abc import Callable, Sequence
from operator import getitem
from typing import Any

import torch
from torch import Tensor, fx
from torch.utils._python_dispatch import TorchDispatchMode

from ganstudy.core.errors import UserError
from ganstudy.training.capture.kernels import on_processor

CapturedStep = Callable[..., Sequence[Tensor]]

aten = torch.ops.aten


def capture(function: Callable[..., Sequence[Tensor]], *examples: Tensor) -> CapturedStep:
    """`function` for tensors of the shapes, `[…]`, of `examples`.

    It may take gradients, also of gradients, and change its arguments in place. What it computes from
    anything but its arguments is computed now, once. UserError if it looks at values in Python, or draws
    random numbers: both would be those of `examples` for ever.
    """
    with torch.inference_mode(False), torch.enable_grad():
        # Copies, for it may change them; and ours may be of inference mode, which knows no gradients.
        copies = [torch.empty_like(example).copy_(example) for example in examples]
        with _Recorder(copies) as recorder:
            results = function(*copies)
    module = recorder.finish(results)
    operations = [node for node in module.graph.nodes if node.op == "call_function"]
    needed = [node for node in operations if not _skip(node)]
    on_cpu = examples[0].device.type == "cpu"
    for node in needed:
        _simplify(node, module, on_cpu)
    module.graph.eliminate_dead_code()
    module.recompile()
    replay: CapturedStep = module.forward
    return replay


class _Recorder(TorchDispatchMode):
    """Notes every operation as a node of a graph. (`make_fx` would too, and import PyTorch's compiler for
    it, which takes as long as importing PyTorch.)"""

    def __init__(self, arguments: Sequence[Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.module = fx.GraphModule({}, fx.Graph())
        self._nodes: dict[int, fx.Node] = {}
        self._met: list[Tensor] = []
        for i, argument in enumerate(arguments):
            self._name(argument, self.module.graph.placeholder(f"argument_{i}"))

    def __torch_dispatch__(
        self, operation: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if operation in LOOKS or torch.Tag.nondeterministic_seeded in operation.tags:
            raise UserError(
                f"{operation} cannot be replayed: every step would see what the first one saw; "
                "decide by torch.where, and take random numbers from those that are given"
            )
        results = operation(*args, **kwargs)
        node = self.module.graph.call_function(operation, *fx.node.map_aggregate((args, kwargs), self._node))
        if isinstance(results, Tensor):
            self._name(results, node)
            return results
        node.meta["val"] = results
        if isinstance(results, (list, tuple)):
            for i, result in enumerate(results):
                self._name(result, self.module.graph.call_function(getitem, (node, i)))
        return results

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # There is no compiler to be kept away, and its import takes a second.
        return False

    def finish(self, results: Sequence[Tensor]) -> fx.GraphModule:
        """The graph, which gives back these."""
        self.module.graph.output(tuple(self._node(result) for result in results))
        return self.module

    def _name(self, tensor: Tensor, node: fx.Node) -> None:
        # Kept, so that no other tensor gets its id.
        self._met.append(tensor)
        self._nodes[id(tensor)] = node
        node.meta["val"] = tensor

    def _node(self, value: Any) -> Any:
        """Its node, where it is a tensor."""
        if not isinstance(value, Tensor):
            return value
        if id(value) not in self._nodes:
            # From outside: a constant.
            name = f"constant_{len(self._nodes)}"
            self.module.register_buffer(name, value)
            self._name(value, self.module.graph.get_attr(name))
        return self._nodes[id(value)]


class Captured:
    """A function, recorded for each shape that its first argument comes in; the others keep theirs."""

    def __init__(self, function: Callable[..., Sequence[Tensor]]) -> None:
        self._function = function
        self._captured: dict[torch.Size, CapturedStep] = {}

    def __call__(self, first: Tensor, *others: Tensor) -> Sequence[Tensor]:
        """What the function returns for tensors of the shapes `[…]` that it takes."""
        if first.shape not in self._captured:
            self._captured[first.shape] = capture(self._function, first, *others)
        return self._captured[first.shape](first, *others)


def _skip(node: fx.Node) -> bool:
    """Take the node out of use if it does nothing."""
    first = node.args[0] if node.args else None
    if isinstance(first, fx.Node) and (
        node.target in (aten.detach.default, aten.alias.default)
        or (node.target is aten.pow.Tensor_Scalar and node.args[1] == 1)
        or (node.target in (aten.view.default, aten.expand.default) and _shape(first) == _shape(node))
    ):
        node.replace_all_uses_with(first)
        return True
    return False


def _simplify(node: fx.Node, module: fx.GraphModule, on_cpu: bool) -> None:
    """Compute now what is always the same, and name the rest for speed."""
    if _is_constant(node) and not any(_changes_its_arguments(user) for user in node.users):
        # A tensor of the loss's own: stored, where it would be made afresh in every step.
        operation: Any = node.target
        value = operation(*_stand_in(node.args, module), **node.kwargs).contiguous()
        module.register_buffer(node.name, value)
        with module.graph.inserting_before(node):
            constant = module.graph.get_attr(node.name)
        constant.meta["val"] = value
        node.replace_all_uses_with(constant)
    else:
        shapes = [_shape(argument) for argument in node.args if isinstance(argument, fx.Node)]
        ours = on_processor(node.target, *shapes) if on_cpu else None
        # The library's own functions start in half the time of its operators.
        node.target = ours or FUNCTIONS.get(node.target, node.target)


def _shape(node: fx.Node) -> torch.Size:
    value = node.meta["val"]
    # Some operations return several.
    return value.shape if isinstance(value, Tensor) else torch.Size()


def _changes_its_arguments(node: fx.Node) -> bool:
    schema = getattr(node.target, "_schema", None)
    return schema is not None and bool(schema.is_mutable)


def _is_constant(node: fx.Node) -> bool:
    """Whether it is always the same: it looks at nothing but shapes, or at constants."""
    inputs = node.all_input_nodes
    of_constants = bool(inputs) and all(argument.op == "get_attr" for argument in inputs)
    changes = _changes_its_arguments(node)
    return node.target in CONSTANTS or (of_constants and not changes and isinstance(node.meta["val"], Tensor))


def _stand_in(argument: Any, module: fx.GraphModule) -> Any:
    """The argument, where it is a constant, or something of its shape, for an operation that looks at no
    more; of several, all."""
    if isinstance(argument, list | tuple):
        return [_stand_in(item, module) for item in argument]
    if not isinstance(argument, fx.Node):
        return argument
    if argument.op == "get_attr":
        return getattr(module, str(argument.target))
    value = argument.meta["val"]
    return torch.empty(value.shape, dtype=value.dtype, device=value.device)


LOOKS = {aten._local_scalar_dense.default, aten.nonzero.default, aten.masked_select.default}
"""What lets Python decide by values, or makes shapes of them."""

CONSTANTS = {
    aten.full.default,
    aten.full_like.default,
    aten.ones_like.default,
    aten.scalar_tensor.default,
    aten.zeros.default,
    aten.zeros_like.default,
}

FUNCTIONS: dict[Any, Any] = {
    aten.add.Tensor: torch.add,
    aten.baddbmm.default: torch.baddbmm,
    aten.bmm.default: torch.bmm,
    aten.cat.default: torch.cat,
    aten.clamp_max.default: torch.clamp_max,
    aten.div.Tensor: torch.div,
    aten.exp.default: torch.exp,
    aten.mean.dim: torch.mean,
    aten.mul.Scalar: torch.mul,
    aten.mul.Tensor: torch.mul,
    aten.neg.default: torch.neg,
    aten.pow.Tensor_Scalar: torch.pow,
    aten.relu.default: torch.relu,
    aten.sigmoid.default: torch.sigmoid,
    aten.squeeze.dim: torch.squeeze,
    aten.stack.default: torch.stack,
    aten.sub.Tensor: torch.sub,
    aten.sum.dim_IntList: torch.sum,
    aten.tanh.default: torch.tanh,
    aten.transpose.int: torch.transpose,
    aten.unsqueeze.default: torch.unsqueeze,
    aten.view.default: Tensor.view,
    aten.where.self: torch.where,
}
