"""Numbers as reports state them."""

import json
from typing import Any

import numpy as np
import pytest

from ganstudy.evaluation.rounding import rounded


@pytest.mark.parametrize(
    ("value", "stated"),
    [
        (0.123456789, 0.123457),
        (123456.789, 123457.0),
        (1.23456789e-20, 1.23457e-20),
        (1 / 3, 0.333333),
        (-0.0, 0.0),
        (float("nan"), None),
        (float("inf"), None),
        (float("-inf"), None),
        (np.float64(2 / 3), 0.666667),
        (12345678, 12345678),
        (True, True),
        ("0.123456789", "0.123456789"),
        (None, None),
    ],
)
def test_floats_have_six_digits_and_everything_else_stays(value: Any, stated: Any) -> None:
    found = rounded({"x": value})["x"]
    assert found == stated
    assert type(found) is type(stated)


def test_rounding_reaches_everything_inside() -> None:
    assert rounded({"a": [1 / 3, {"b": (float("nan"), 2)}]}) == {"a": [0.333333, {"b": [None, 2]}]}


def test_what_is_rounded_twice_stays() -> None:
    once = rounded({"x": [float(x) for x in np.random.default_rng(0).standard_normal(100) ** 9]})
    assert rounded(once) == once
    assert json.loads(json.dumps(once)) == once
