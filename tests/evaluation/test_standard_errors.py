"""A metric's standard error is how much it differs between draws from the same, wrong generator."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from ganstudy.metrics.generated import Generated
from ganstudy.metrics.moments import influence
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.sources.moments import empirical_moments
from ganstudy.training.cell import Cell

DRAWS = 60
N = 600
SOURCES: dict[str, Any] = {
    "gaussian": {"name": "gaussian", "mean": 4.0, "std": 1.25, "samples": N},
    "ring": {"name": "ring", "samples": N, "std": 0.1},
    "digits": "digits",
}
ROUGHLY = {"recall": (0.6, 3), "coverage": (0.7, 3)}
"""Shares of real points, of which a sample counts what it alone holds. Points held by two are not that safe,
and neighbourhoods grow where samples are missing; so these are rough, and mostly too large."""


def wrong(truth: Truth, rng: np.random.Generator) -> Any:
    """Leaning values; modes blurred, one of them missing and others of other weight; noisy images."""
    if truth.modes:
        weights = np.array([0, 1, 2, 3, 1, 2, 3, 1]) / 13
        centres = truth.modes.centres[rng.choice(8, N, p=weights)]
        return centres + 1.7 * truth.modes.std * rng.standard_normal((N, 2))
    if truth.is_image:
        return 0.9 * truth.draw(rng, N) + 0.05 + 0.2 * rng.standard_normal((N, 1, 8, 8))
    return 2 + rng.gamma(4, 0.8, size=(N, 1))


@pytest.fixture(scope="module")
def drawn(
    make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]
) -> Callable[[str], dict[str, tuple[float, float]]]:
    """`drawn(source)`: of each metric the mean standard error, and what it should be, over many draws."""

    @cache
    def of(source: str) -> dict[str, tuple[float, float]]:
        truth = make_truth(make_cell(source=SOURCES[source]))
        rng = np.random.default_rng(11)
        generated = [Generated(wrong(truth, rng), truth) for _ in range(DRAWS)]
        found = {}
        for name, metric in SAMPLE_METRICS.items():
            if metric.inapplicable(truth, False) is None:
                measured = [metric.measure(one) for one in generated]
                values = [one.value if one.error is None else one.error for one in measured]
                found[name] = float(np.mean([one.se for one in measured])), float(np.std(values, ddof=1))
        return found

    return of


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", [name for name in SAMPLE_METRICS if name not in ("inside", "modes_missing")])
def test_a_standard_error_is_the_deviation_between_draws(
    name: str, source: str, drawn: Callable[[str], dict[str, tuple[float, float]]]
) -> None:
    if name not in drawn(source):
        return
    told, seen = drawn(source)[name]
    assert seen > 0
    least, most = ROUGHLY.get(name, (0.7, 1.6))
    assert least < told / seen < most


@pytest.mark.parametrize("met", [0.5, 1.0, 2.0])
def test_that_of_missing_modes_is_about_the_deviation_between_draws(
    met: float, make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]
) -> None:
    """Four of eight modes are met so many times on average. Which of them one draw tells; how many the next
    will miss it knows but roughly."""
    truth = make_truth(make_cell(source={"name": "ring", "samples": 20}))
    assert truth.modes
    rng = np.random.default_rng(12)
    weights = np.array([met / N] * 4 + [(1 - 4 * met / N) / 4] * 4)
    found = [
        SAMPLE_METRICS["modes_missing"].measure(
            Generated(truth.modes.centres[rng.choice(8, N, p=weights)].astype(np.float32), truth)
        )
        for _ in range(200)
    ]
    seen = np.std([one.value for one in found])
    assert 0.5 < np.mean([one.se for one in found]) / seen < 1.6


def test_a_moments_influence_is_how_it_changes_with_a_samples_weight() -> None:
    samples = np.random.default_rng(14).gamma(2, size=(40, 1))
    moments = empirical_moments(samples)
    told = {name: influence(name, samples, moments) for name in moments._fields}
    for i, x in enumerate(samples[:, 0]):
        # A little more of the sample, and as much less of all.
        little, raw = 1e-6, [(samples**k).mean() for k in range(5)]
        m1, m2, m3, m4 = ((1 - little) * raw[k] + little * x**k for k in range(1, 5))
        variance = m2 - m1**2
        after = (
            m1,
            variance**0.5,
            (m3 - 3 * m1 * m2 + 2 * m1**3) / variance**1.5,
            (m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4) / variance**2 - 3,
        )
        for name, value in zip(moments._fields, after, strict=True):
            change = (value - getattr(moments, name)[0]) / little
            assert told[name][i, 0] == pytest.approx(change, rel=1e-3, abs=1e-3), name


def test_every_figure_but_the_box_was_tried(drawn: Callable[[str], dict[str, Any]]) -> None:
    assert {name for source in SOURCES for name in drawn(source)} == set(SAMPLE_METRICS) - {"inside"}


def test_the_boxes_is_that_of_a_share(
    make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]
) -> None:
    truth = make_truth(make_cell(source={"name": "pattern_1010", "samples": 20}))
    samples = np.tile([[0.9, 0.1, 0.9, 0.1]] * 3 + [[0.5] * 4], (25, 1))
    measured = SAMPLE_METRICS["inside"].measure(Generated(samples, truth))
    assert (measured.value, measured.se) == (0.75, np.sqrt(0.75 * 0.25 / 100))


@pytest.mark.parametrize("source", ["gaussian", "ring"])
def test_the_upper_end_is_above_the_true_error_in_95_of_100_draws(
    source: str, make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]
) -> None:
    """Of a mean off by three standard errors."""
    truth = make_truth(make_cell(source=SOURCES[source]))
    rng = np.random.default_rng(13)
    shift = 3 * truth.moments.std.mean() / np.sqrt(N)
    above = []
    for _ in range(400):
        measured = SAMPLE_METRICS["mean"].measure(Generated(truth.draw(rng, N) + shift, truth))
        above.append(measured.with_error_bound(0, "x")["x_error_bound"] >= shift)
    assert np.mean(above) == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 400))
