"""Numbers as a reader meets them."""

import math

import pytest

from ganstudy.core.text import exact, flow, listed, measured, number


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


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ((0.2601, 0.2587, 0.2621), ("0.2601", "0.2587", "0.2621")),
        ((5.1204, 4.3, 5.2), ("5.12", "4.30", "5.20")),
        ((351.7, 297.2, 356.4), ("352", "297", "356")),
        ((0.98, 0.20, 2.61), ("1.0", "0.2", "2.6")),
        ((-8.81, -12.1, -4.6), ("−8.8", "−12.1", "−4.6")),
        ((-1e-9, -1e-9, 0.17), ("0.00", "0.00", "0.17")),
        ((1.0, 1.0, 1.0), ("1.00", "1.00", "1.00")),
        ((2e6, 1e6, 3e6), ("2.0e6", "1.0e6", "3.0e6")),
    ],
)
def test_an_interval_decides_how_many_digits_mean_something(
    given: tuple[float, float, float], shown: tuple[str, str, str]
) -> None:
    assert measured(*given) == shown


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
