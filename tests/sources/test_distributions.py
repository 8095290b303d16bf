"""Distributions that are known exactly."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ganstudy.cli.contracts import title
from ganstudy.cli.contracts.sources import DISTRIBUTION
from ganstudy.core.random import generator
from ganstudy.sources.gaussian import Gaussian
from ganstudy.sources.mixture import Mixture
from ganstudy.sources.registry import SOURCES, make_source
from ganstudy.sources.source import Distribution, Source
from ganstudy.study.loading import parse

MADE_UP: dict[str, dict[str, Any]] = {
    # Every registered one as it is by default, and others besides.
    **{name: {"name": name} for name, source in SOURCES.items() if issubclass(source, Distribution)},
    "gaussian": {"name": "gaussian", "mean": 4.0, "std": 1.25},
    # Three modes leave the ring skewed along the first axis; broad ones overlap.
    "broad_ring": {"name": "ring", "modes": 3, "radius": 2.0, "std": 0.5},
    "broad_grid": {"name": "grid", "side": 4, "spacing": 1.0, "std": 0.7},
}
MEAN, STD, SKEW, KURTOSIS = range(4)


@pytest.fixture(scope="session")
def source_of(make_study: Callable[..., dict[str, Any]]) -> Callable[..., Source]:
    """`source_of(settings)`: the source of a block under `source:`."""
    return lambda settings: make_source(parse(make_study("mse", source=settings)).variants["v"].source)


@pytest.fixture(params=MADE_UP.values(), ids=MADE_UP)
def distribution(request: pytest.FixtureRequest, source_of: Callable[..., Source]) -> Distribution:
    source = source_of(request.param)
    assert isinstance(source, Distribution)
    return source


@pytest.mark.parametrize("clause", DISTRIBUTION, ids=title)
def test_every_distribution_keeps_the_contract(
    clause: Callable[[Source], None], distribution: Distribution
) -> None:
    clause(distribution)


@pytest.mark.parametrize(
    ("name", "moment", "value"),
    [
        ("pattern_1010", MEAN, [0.9, 0.1, 0.9, 0.1]),
        ("pattern_1010", STD, [0.2 / 12**0.5] * 4),
        ("pattern_1010", SKEW, [0] * 4),
        ("pattern_1010", KURTOSIS, [-1.2] * 4),
        ("gaussian", MEAN, [4]),
        ("gaussian", STD, [1.25]),
        ("gaussian", SKEW, [0]),
        ("gaussian", KURTOSIS, [0]),
        ("ring", MEAN, [0, 0]),
        ("ring", STD, [(1 / 2 + 0.01**2) ** 0.5] * 2),
        ("ring", SKEW, [0, 0]),
        # A circle's fourth moment is 3/8; the Gaussians add 6 · 1/2 · s² + 3 s⁴.
        ("ring", KURTOSIS, [(3 / 8 + 3e-4 + 3e-8) / (1 / 2 + 1e-4) ** 2 - 3] * 2),
        ("grid", MEAN, [0, 0]),
        ("grid", STD, [(8 + 0.05**2) ** 0.5] * 2),
        ("grid", SKEW, [0, 0]),
        # cos³ of 0°, 120° and 240° has mean 1/4, and their sines cancel.
        ("broad_ring", SKEW, [2**3 / 4 / (2 + 0.5**2) ** 1.5, 0]),
    ],
)
def test_exact_moments_worked_out_by_hand(
    name: str, moment: int, value: list[float], source_of: Callable[..., Any]
) -> None:
    np.testing.assert_allclose(source_of(MADE_UP[name]).moments()[moment], value, rtol=1e-6, atol=1e-6)


def test_the_pattern_lies_in_its_box_and_fills_it(source_of: Callable[..., Any]) -> None:
    samples = source_of(MADE_UP["pattern_1010"]).draw(generator(0, "test"), 10_000)
    low, high = np.array([0.8, 0, 0.8, 0]), np.array([1, 0.2, 1, 0.2])
    assert (samples >= low.astype(np.float32)).all()
    assert (samples <= high.astype(np.float32)).all()
    for column in ((samples - low) / (high - low)).T:
        assert stats.kstest(column, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(samples.T) - np.eye(4)).max() < 0.05


def test_the_gaussian_is_gaussian(source_of: Callable[..., Any]) -> None:
    source = source_of(MADE_UP["gaussian"])
    assert isinstance(source, Gaussian)
    samples = source.draw(generator(0, "test"), 20_000)[:, 0]
    assert stats.kstest(samples, "norm", args=(4, 1.25)).pvalue > 1e-3


def test_the_gaussians_exact_functions(source_of: Callable[..., Any]) -> None:
    source = source_of(MADE_UP["gaussian"])
    p = np.array([0.025, 0.5, 0.8413447])
    np.testing.assert_allclose(source.quantile(p), [4 - 1.959964 * 1.25, 4, 5.25], rtol=1e-6)
    np.testing.assert_allclose(source.cdf(source.quantile(p)), p)
    np.testing.assert_allclose(source.pdf(np.array([4.0])), 1 / (1.25 * np.sqrt(2 * np.pi)))


def mode_of(samples: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each sample's nearest centre, and how far it is."""
    distances = np.linalg.norm(samples[:, None] - centres[None], axis=2)
    return distances.argmin(axis=1), distances.min(axis=1)


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("ring", [(np.cos(a), np.sin(a)) for a in np.radians([0, 45, 90, 135, 180, 225, 270, 315])]),
        ("grid", [(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)]),
    ],
)
def test_mixtures_have_all_their_modes_in_equal_shares(
    name: str, places: list[tuple[float, float]], source_of: Callable[..., Any]
) -> None:
    source = source_of(MADE_UP[name])
    assert isinstance(source, Mixture)
    centres = np.array(places)
    found, far = mode_of(source.modes.centres, centres)
    assert sorted(found) == list(range(len(centres)))
    assert far.max() < 1e-6
    samples = source.draw(generator(0, "test"), 50_000)
    mode, distance = mode_of(samples, centres)
    assert stats.chisquare(np.bincount(mode, minlength=len(centres))).pvalue > 1e-3
    # In the plane, 1 - exp(-9/2) of a Gaussian lies within three standard deviations.
    near = (distance < 3 * source.modes.std).mean()
    assert near == pytest.approx(0.98889, abs=5 * (0.98889 * 0.01111 / 50_000) ** 0.5)


@given(modes=st.integers(1, 20), radius=st.floats(0.1, 10))
def test_a_ring_has_as_many_distinct_modes_as_asked(
    modes: int, radius: float, source_of: Callable[..., Any]
) -> None:
    source = source_of({"name": "ring", "modes": modes, "radius": radius})
    assert len(np.unique(source.modes.centres.round(4), axis=0)) == modes
    np.testing.assert_allclose(np.linalg.norm(source.modes.centres, axis=1), radius, rtol=1e-5)


@given(side=st.integers(1, 7), spacing=st.floats(0.5, 5))
def test_a_grid_is_square_even_and_centred(side: int, spacing: float, source_of: Callable[..., Any]) -> None:
    centres = source_of({"name": "grid", "side": side, "spacing": spacing}).modes.centres
    assert len(np.unique(centres, axis=0)) == side**2
    np.testing.assert_allclose(centres.mean(axis=0), 0, atol=1e-5)
    for axis in centres.T:
        np.testing.assert_allclose(np.diff(np.unique(axis)), spacing, rtol=1e-5)
