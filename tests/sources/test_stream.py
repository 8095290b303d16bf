"""The order in which training meets real samples."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudy.sources.registry import make_source
from ganstudy.sources.source import Distribution
from ganstudy.sources.stream import Fresh, Shuffled, Stream
from ganstudy.training.cell import Cell


def numbered(size: int) -> Shuffled:
    """A data set whose samples are 0, 1, 2, …"""
    return Shuffled(np.arange(size, dtype=np.float32)[:, None])


@pytest.fixture
def fresh(make_cell: Callable[..., Cell]) -> Fresh:
    source = make_source(make_cell(source="gaussian").recipe.source)
    assert isinstance(source, Distribution)
    return Fresh(source)


@given(size=st.integers(1, 40), n=st.integers(1, 100), seed=st.integers(0, 5))
def test_every_sample_comes_once_an_epoch(size: int, n: int, seed: int) -> None:
    stream = numbered(size)
    met = np.concatenate([stream.take(seed, block, n) for block in range(-(-3 * size // n))])[:, 0]
    for epoch in range(3):
        assert sorted(met[epoch * size : (epoch + 1) * size]) == list(range(size))


@given(size=st.integers(1, 40), n=st.integers(1, 30), parts=st.integers(1, 5))
def test_the_order_does_not_depend_on_the_size_of_blocks(size: int, n: int, parts: int) -> None:
    stream = numbered(size)
    large = np.concatenate([stream.take(0, block, n * parts) for block in range(2)])
    small = np.concatenate([stream.take(0, block, n) for block in range(2 * parts)])
    np.testing.assert_array_equal(large, small)


def test_each_epoch_and_each_seed_has_an_order_of_its_own() -> None:
    stream = numbered(100)
    orders = [tuple(stream.take(seed, epoch, 100)[:, 0]) for seed in range(3) for epoch in range(3)]
    assert len(set(orders)) == 9
    assert tuple(range(100)) not in orders


def test_every_place_in_an_epoch_is_equally_likely() -> None:
    first = [numbered(4).take(seed, 0, 4)[0, 0] for seed in range(400)]
    assert (abs(np.bincount(np.array(first, dtype=int), minlength=4) - 100) < 5 * (400 * 3 / 16) ** 0.5).all()


def test_fresh_samples_are_never_met_again(fresh: Fresh) -> None:
    met = np.concatenate([fresh.take(seed, block, 100) for seed in range(3) for block in range(5)])
    # Of 1,500 values of single precision a handful coincide by chance; a block met twice would repeat 100.
    assert len(np.unique(met)) > 1490


@pytest.mark.parametrize("kind", ["fresh", "shuffled"])
def test_a_block_is_the_same_whenever_it_is_asked_for(kind: str, fresh: Fresh) -> None:
    stream: Stream = fresh if kind == "fresh" else numbered(30)
    in_order = [stream.take(7, block, 12) for block in range(6)]
    for block in (5, 0, 3):
        np.testing.assert_array_equal(stream.take(7, block, 12), in_order[block])
    assert in_order[0].shape == (12, 1)
    assert in_order[0].dtype == np.float32
