"""Random streams named by what they are for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ganstudy.core.random import generator

# As the package names them: whose, what for, and which part.
names = st.tuples(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["init", "data", "noise", "labels", "penalty", "evaluation"]) | st.text(min_size=1),
    st.integers(0, 2**32 - 1),
)


@given(names=names)
def test_a_stream_is_the_same_whenever_it_is_asked_for(names: tuple[int | str, ...]) -> None:
    np.testing.assert_array_equal(generator(*names).random(4), generator(*names).random(4))


@given(one=names, other=names, kept=st.sets(st.integers(0, 2)))
def test_streams_of_different_names_differ(
    one: tuple[int | str, ...], other: tuple[int | str, ...], kept: set[int]
) -> None:
    # Differing in a single place is the harder case.
    other = tuple(one[i] if i in kept else other[i] for i in range(3))
    same = generator(*one).random(4) == generator(*other).random(4)
    assert same.all() if one == other else not same.any()


@pytest.mark.parametrize(
    ("one", "other"),
    [((1,), (1, 0)), ((0,), (0, 0)), (("data", 1), (1, "data")), (("a", "b"), ("ab",)), ((2**32,), (0, 1))],
)
def test_names_that_are_easily_confused_are_told_apart(
    one: tuple[int | str, ...], other: tuple[int | str, ...]
) -> None:
    assert (generator(*one).random(4) != generator(*other).random(4)).all()


def test_neighbouring_streams_are_independent() -> None:
    """The first number of each of many seeds' streams is as uniform as one stream's numbers, and says
    nothing of the next seed's."""
    first = np.array([generator(seed, "noise", 0).random() for seed in range(2000)])
    assert stats.kstest(first, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 4 / 2000**0.5


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        generator(-1, "data")
