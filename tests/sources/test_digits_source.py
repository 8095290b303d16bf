"""The bundled digits."""

from collections.abc import Callable

import numpy as np
from sklearn.datasets import load_digits

from ganstudy.sources.registry import make_source
from ganstudy.sources.source import Dataset
from ganstudy.training.cell import Cell


def test_digits_are_scikit_learns_from_black_to_white(make_cell: Callable[..., Cell]) -> None:
    source = make_source(make_cell(source="digits").recipe.source)
    assert isinstance(source, Dataset)
    contents = source.load()
    assert contents.samples.shape == (1797, *source.shape) == (1797, 1, 8, 8)
    assert (contents.samples.min(), contents.samples.max()) == (0, 1)
    grey = load_digits()
    np.testing.assert_array_equal(contents.samples.reshape(-1, 64) * 16, grey.data)
    assert contents.labels is not None
    np.testing.assert_array_equal(contents.labels, grey.target)
