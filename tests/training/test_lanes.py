"""Lanes are added until no value is left over from whole vectors."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from ganstudy.training.lanes import VECTOR, filled, whole

SIZES = st.integers(1, 70)


@given(seeds=st.lists(st.integers(0, 99), min_size=1, max_size=40, unique=True), widths=st.lists(SIZES))
def test_every_layer_fills_whole_vectors(seeds: list[int], widths: list[int]) -> None:
    lanes = filled(seeds, widths)
    assert lanes[: len(seeds)] == seeds
    assert len(set(lanes)) == len(lanes) >= 2
    assert all(len(lanes) * width % VECTOR == 0 for width in widths)
    # Not more than it takes.
    assert len(lanes) < len(seeds) + VECTOR


def test_layers_of_whole_vectors_need_nobody() -> None:
    assert filled([3, 1, 2], [32, 64, 16]) == [3, 1, 2]


@given(lanes=SIZES, batch=SIZES)
def test_logits_are_completed_with_zeros(lanes: int, batch: int) -> None:
    x = torch.randn(2, lanes, batch)
    found = whole(x)
    assert found.shape[1] * batch % VECTOR == 0
    assert found.shape[1] < lanes + VECTOR
    assert torch.equal(found[:, :lanes], x)
    assert (found[:, lanes:] == 0).all()


def test_label_numbers_that_are_not_there_stay_away() -> None:
    assert whole(torch.empty(2, 3, 0)).shape == (2, 3, 0)
