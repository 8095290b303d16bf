"""Replicas are added until no value is left over from whole vectors."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from ganstudy.training.capture.padding import VECTOR, pad, padded_seeds

SIZES = st.integers(1, 70)


@given(seeds=st.lists(st.integers(0, 99), min_size=1, max_size=40, unique=True), widths=st.lists(SIZES))
def test_every_layer_fills_whole_vectors(seeds: list[int], widths: list[int]) -> None:
    replicas = padded_seeds(seeds, widths)
    assert replicas[: len(seeds)] == seeds
    assert len(set(replicas)) == len(replicas) >= 2
    assert all(len(replicas) * width % VECTOR == 0 for width in widths)
    # Not more than it takes.
    assert len(replicas) < len(seeds) + VECTOR


def test_layers_of_whole_vectors_need_nobody() -> None:
    assert padded_seeds([3, 1, 2], [32, 64, 16]) == [3, 1, 2]


@given(replicas=SIZES, batch=SIZES)
def test_logits_are_completed_with_zeros(replicas: int, batch: int) -> None:
    x = torch.randn(2, replicas, batch)
    found = pad(x)
    assert found.shape[1] * batch % VECTOR == 0
    assert found.shape[1] < replicas + VECTOR
    assert torch.equal(found[:, :replicas], x)
    assert (found[:, replicas:] == 0).all()


def test_label_numbers_that_are_not_there_stay_away() -> None:
    assert pad(torch.empty(2, 3, 0)).shape == (2, 3, 0)
