"""A replay computes what the function itself would."""

from collections.abc import Sequence

import torch
from torch import Tensor

from ganstudy.training.capture.captured_step import capture

W, X, Y = torch.randn(3, 2, 4, 4, generator=torch.Generator().manual_seed(0))


def gradient_and_its_product(w: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
    """A gradient penalty, and its gradient: autograd within autograd."""
    w, x = w.detach().requires_grad_(), x.detach().requires_grad_()
    score = torch.sigmoid(x @ w).square().sum(dim=(1, 2))
    (gradient,) = torch.autograd.grad(score.sum(), x, create_graph=True)
    penalty = gradient.square().sum(dim=(1, 2))
    (pull,) = torch.autograd.grad(penalty.sum(), w)
    return penalty.detach(), pull


def descend(w: Tensor, x: Tensor) -> tuple[Tensor]:
    """A step in place, whose size is made of constants."""
    leaf = w.detach().requires_grad_()
    loss = (leaf * x).sigmoid()
    (gradient,) = torch.autograd.grad(loss, leaf, torch.full_like(loss, 0.5))
    with torch.no_grad():
        w.sub_(gradient * torch.ones_like(gradient))
    return (loss.detach(),)


def assert_same_bits(found: Sequence[Tensor], expected: Sequence[Tensor]) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one, other)


def test_other_tensors_of_the_shape_give_the_bits_that_autograd_gives() -> None:
    replayed = capture(gradient_and_its_product, W, X)
    for given in ((W, X), (W, Y), (-X, W.mT)):
        assert_same_bits(replayed(*given), gradient_and_its_product(*given))


def test_arguments_are_changed_in_place_when_replayed_and_not_when_captured() -> None:
    w = W.clone()
    replayed = capture(descend, w, X)
    assert torch.equal(w, W)
    eager = W.clone()
    for x in (X, Y, X):
        assert_same_bits(replayed(w, x), descend(eager, x))
        assert torch.equal(w, eager)
    assert not torch.equal(w, W)


def test_constants_stay_what_they_were() -> None:
    """They are stored once, so nothing that is replayed may write on them."""

    def fill(x: Tensor) -> tuple[Tensor]:
        return (torch.zeros_like(x).add_(x),)

    replayed = capture(fill, X)
    for _ in range(2):
        assert_same_bits(replayed(X), (X,))


def test_it_can_be_captured_and_replayed_where_autograd_is_off() -> None:
    with torch.inference_mode():
        w, x = W.clone(), X.clone()
        replayed = capture(gradient_and_its_product, w, x)
        found = replayed(w, x)
    assert_same_bits(found, gradient_and_its_product(W, X))
