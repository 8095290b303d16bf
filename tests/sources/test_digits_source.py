"""The bundled digits."""

from collections.abc import Callable

import numpy as np
from sklearn.datasets import load_digits

from ganstudy.sources.registry import make_source
from ganstudy.sources.source import Dataset
from ganstudy.training.cell import Cell


def test_digits_are_scikit_learns_scaled_to_minus_one_to_one(make_cell: Callable[..., Cell]) -> None:
    source = make_source(make_cell(source="digits").recipe.source)
    assert isinstance(source, Dataset)
    contents = source.load()
    assert contents.samples.shape == (1797, 64)
    assert source.image == (8, 8)
    assert contents.samples.dtype == np.float32
    assert (contents.samples.min(), contents.samples.max()) == (-1, 1)
    grey = load_digits()
    np.testing.assert_array_equal((contents.samples + 1) * 8, grey.data)
    assert contents.labels is not None
    np.testing.assert_array_equal(contents.labels, grey.target)
