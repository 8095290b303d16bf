"""Changes of units: undone exactly, and fitted to nothing but what is trained on."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from ganstudy.sources.transforms import TRANSFORMS, transform_of

SHAPES = st.one_of(
    array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=6),
    array_shapes(min_dims=4, max_dims=4, min_side=2, max_side=4),
)


@pytest.mark.parametrize("name", TRANSFORMS)
@given(data=st.data(), shape=SHAPES)
def test_what_is_applied_is_undone_to_rounding(name: str, data: st.DataObject, shape: Any) -> None:
    """In any natural shape, and by the transform that its own description makes again."""
    low, high = (0, 1) if name == "pixel_range" else (-1e3, 1e3)
    samples = data.draw(arrays(np.float64, shape, elements=st.floats(low, high)))
    samples[0], samples[1] = low, high  # so that every column varies
    fitted = TRANSFORMS[name]().fit(samples)
    again = transform_of(json.loads(json.dumps(fitted.description)))
    for transform in (fitted, again):
        applied = transform.apply(samples)
        assert applied.dtype == np.float32
        assert applied.shape == shape
        np.testing.assert_allclose(transform.invert(applied), samples, rtol=1e-5, atol=1e-6 * high)
    np.testing.assert_array_equal(fitted.apply(samples), again.apply(samples))


def test_pixels_reach_from_minus_one_to_one() -> None:
    applied = TRANSFORMS["pixel_range"]().apply(np.array([[0.0, 0.5, 1.0]]))
    np.testing.assert_array_equal(applied, [[-1, 0, 1]])


def test_standardised_values_have_mean_0_and_standard_deviation_1_over_what_was_fitted() -> None:
    samples = np.random.default_rng(0).gamma(2.0, size=(500, 3)) * [1e150, 1.0, 1e-150]
    fitted = TRANSFORMS["standardise"]().fit(samples)
    np.testing.assert_allclose(fitted.apply(samples).mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(fitted.apply(samples).std(axis=0), 1, rtol=1e-5)
