"""The kernels that take PyTorch's place on a processor compute what it computes, to rounding."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from ganstudy.training.capture.kernels import ELEMENT_WISE, on_processor

aten = torch.ops.aten
SIZE = st.sampled_from([1, 2, 7, 16, 33, 64])
LAYOUTS = {"as it is": lambda x: x, "transposed": lambda x: x.mT.contiguous().mT}
LAYOUT = st.sampled_from(list(LAYOUTS))


def drawn(*shape: int) -> Tensor:
    return torch.from_numpy(np.random.default_rng(sum(shape)).standard_normal(shape, dtype=np.float32))


@given(replicas=st.integers(1, 20), n=SIZE, k=SIZE, m=SIZE, of_x=LAYOUT, of_y=LAYOUT)
def test_products_are_those_of_every_lane(
    replicas: int, n: int, k: int, m: int, of_x: str, of_y: str
) -> None:
    start, x, y = (
        drawn(replicas, 1, m),
        LAYOUTS[of_x](drawn(replicas, n, k)),
        LAYOUTS[of_y](drawn(replicas, k, m)),
    )
    alone = on_processor(aten.bmm.default, x.shape, y.shape)
    added = on_processor(aten.baddbmm.default, start.shape, x.shape, y.shape)
    assert alone
    assert added
    exact = x.double() @ y.double()
    torch.testing.assert_close(alone(x, y), exact.float(), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(added(start, x, y), (start.double() + exact).float(), rtol=1e-5, atol=1e-5)


@given(replicas=st.integers(1, 20), place=st.integers(0, 19), n=SIZE, k=SIZE, m=SIZE, layout=LAYOUT)
def test_a_replicas_product_has_the_same_bits_in_any_batch_composition(
    replicas: int, place: int, n: int, k: int, m: int, layout: str
) -> None:
    x, y = LAYOUTS[layout](drawn(replicas, n, k)), drawn(replicas, k, m)
    product = on_processor(aten.bmm.default, x.shape, y.shape)
    assert product
    i = place % replicas
    assert torch.equal(product(x, y)[i], product(x[i : i + 1].clone(), y[i : i + 1].clone())[0])


@pytest.mark.parametrize("operation", list(ELEMENT_WISE), ids=str)
def test_functions_are_the_librarys(operation: Callable[[Tensor], Tensor]) -> None:
    x = 3 * drawn(4, 30, 17).abs()
    kernel = on_processor(operation, x.shape)
    assert kernel
    torch.testing.assert_close(kernel(x), operation(x.double()).float(), rtol=1e-6, atol=0)


def test_other_operations_are_left_to_pytorch() -> None:
    assert on_processor(aten.sigmoid.default, torch.Size([3])) is None
