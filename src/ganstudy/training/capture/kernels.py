"""Operations that PyTorch would hand to MKL, by NumPy.

MKL chooses its code by the processor's maker (`MKL_CBWR=AVX2` binds it on Intel's only), so that an Intel and
an AMD processor differ in the last bit of a matrix product, an exponential or a square root. NumPy's loops
and its OpenBLAS choose by instruction set alone, which is pinned where the package is imported. They are
about as fast, and several times faster for products with a single row or column.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

Kernel = Callable[..., Tensor]
Shape = torch.Size

aten = torch.ops.aten


PLAIN_LOOP = 400
"""Matrix products of fewer multiplications PyTorch makes by a plain loop of its own, not by MKL."""


def product(x: Shape, y: Shape) -> tuple[Kernel, Kernel]:
    """How to multiply matrices of these shapes, `[replicas, n, k]` and `[replicas, k, m]`: alone, and added
    to another tensor."""
    multiplications = x[1] * x[2] * y[2]
    if multiplications < PLAIN_LOOP:
        return torch.bmm, torch.baddbmm
    # Where nothing is summed, NumPy's matmul goes number by number.
    multiply = np.multiply if x[2] == 1 else np.matmul

    def bmm(x: Tensor, y: Tensor) -> Tensor:
        return torch.from_numpy(multiply(x.numpy(), y.numpy()))

    def baddbmm(start: Tensor, x: Tensor, y: Tensor) -> Tensor:
        found = multiply(x.numpy(), y.numpy())
        found += start.numpy()
        return torch.from_numpy(found)

    return bmm, baddbmm


def by_numpy(function: np.ufunc) -> Kernel:
    """The element-wise function, of a tensor."""
    return lambda x: torch.from_numpy(function(x.numpy()))


def on_processor(operation: Any, *shapes: Shape) -> Kernel | None:
    """What computes in an operation's place on a processor, for arguments of these shapes, if anything."""
    if operation is aten.bmm.default:
        return product(*shapes)[0]
    if operation is aten.baddbmm.default:
        return product(*shapes[1:])[1]
    return ELEMENT_WISE.get(operation)


ELEMENT_WISE = {
    aten.exp.default: by_numpy(np.exp),
    aten.sqrt.default: by_numpy(np.sqrt),
    aten.tanh.default: by_numpy(np.tanh),
}
