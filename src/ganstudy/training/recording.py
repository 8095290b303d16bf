"""Arithmetic written down once and played back.

For networks this small autograd's book-keeping costs more than their arithmetic. But a game does the same
arithmetic in every round. So a function is run once under torch.fx, gradients and all, which notes every
operation on tensors; from then on that list is executed as it stands. The operations are those that autograd
would have called, and so are the bits.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, fx
from torch.fx.experimental.proxy_tensor import make_fx

Recording = Callable[..., Sequence[Tensor]]

aten = torch.ops.aten


def record(function: Callable[..., Sequence[Tensor]], *examples: Tensor) -> Recording:
    """`function` for tensors of the shapes of `examples`.

    It may take gradients, also of gradients, and change its arguments in place. What it computes from
    anything but its arguments is computed now, once, and values that it looks at in Python are those of
    `examples`.
    """
    with torch.inference_mode(False), torch.enable_grad():
        # Copies, for it may change them; and ours may be of inference mode, which knows no gradients.
        copies = [torch.empty_like(example).copy_(example) for example in examples]
        module = make_fx(function)(*copies)
    for node in list(module.graph.nodes):
        if node.op == "call_function":
            _simplify(node, module)
    module.graph.eliminate_dead_code()
    module.recompile()
    played: Recording = module.forward
    return played


def _simplify(node: fx.Node, module: fx.GraphModule) -> None:
    """Take out what does nothing, compute now what is always the same, and name the rest for speed."""
    first = node.args[0] if node.args else None
    if isinstance(first, fx.Node) and (
        node.target in (aten.detach.default, aten.alias.default)
        or (node.target is aten.pow.Tensor_Scalar and node.args[1] == 1)
        or (node.target in (aten.view.default, aten.expand.default) and _shape(first) == _shape(node))
    ):
        node.replace_all_uses_with(first)
    elif node.target in CONSTANTS and not any(_changes_its_arguments(user) for user in node.users):
        # A tensor of the loss's own: stored, where it would be made afresh in every round.
        value = node.target(*(_stand_in(argument) for argument in node.args), **node.kwargs)
        module.register_buffer(node.name, value)
        with module.graph.inserting_before(node):
            node.replace_all_uses_with(module.graph.get_attr(node.name))
    else:
        # The library's own functions start in half the time of its operators.
        node.target = FUNCTIONS.get(node.target, node.target)


def _shape(node: fx.Node) -> torch.Size | None:
    value = node.meta.get("val")
    return value.shape if isinstance(value, Tensor) else None


def _changes_its_arguments(node: fx.Node) -> bool:
    schema = getattr(node.target, "_schema", None)
    return schema is not None and bool(schema.is_mutable)


def _stand_in(argument: Any) -> Any:
    """Something of the argument's shape, for an operation that looks at no more."""
    if not isinstance(argument, fx.Node):
        return argument
    value = argument.meta["val"]
    return torch.empty(value.shape, dtype=value.dtype, device=value.device)


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
