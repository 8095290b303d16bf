"""Numbers as a reader meets them."""

import math

import pytest

from ganstudy.reporting.words import exact, flow, number
from ganstudy.words import listed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0247539, "0.0248"),
        (-0.661, "−0.661"),
        (12.3456, "12.3"),
        (1234.5, "1,234"),
        (0.9999, "1.000"),
        (0.0, "0"),
        (2.71e-5, "2.7e−5"),
        (1.23e38, "1.2e38"),
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "–"),
    ],
)
def test_measured_numbers_have_three_digits(value: float | None, text: str) -> None:
    assert number(value) == text


def test_chosen_numbers_have_no_needless_zeros() -> None:
    assert [exact(value) for value in (0.25, 1.0, math.log(2), -math.log(2), None)] == [
        "0.25",
        "1",
        "0.6931",
        "−0.6931",
        "–",
    ]


def test_settings_read_as_in_params_yaml() -> None:
    assert (
        flow({"optimizer": {"name": "adam", "betas": [0.0, 0.9]}})
        == "{optimizer: {name: adam, betas: [0.0, 0.9]}}"
    )


def test_lists_read_as_sentences() -> None:
    assert [listed("a"), listed("ab"), listed("abc")] == ["a", "a and b", "a, b and c"]
