"""Who is near whom: against points that can be counted, plain programs, and published properties."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import cdist

from ganstudy.metrics.generated import Generated
from ganstudy.metrics.metric import Measured
from ganstudy.metrics.neighbours import BLOCK_ROWS, NEIGHBOUR_POINTS, K, Neighbourhoods, between
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.training.cell import Cell

SHARES = ("precision", "recall", "density", "coverage")


@pytest.fixture(scope="module")
def measured(
    make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]
) -> Callable[[str, Any, Any], Measured]:
    """`measured(metric, real, fake)`"""
    ring = make_truth(make_cell(source={"name": "ring", "samples": 10}))

    def of(name: str, real: Any, fake: Any) -> Measured:
        truth = replace(ring, held_out=np.asarray(real))
        return SAMPLE_METRICS[name].measure(Generated(np.asarray(fake), truth))

    return of


def plainly(real: Any, fake: Any) -> dict[str, float]:
    """The papers' formulas, word for word."""
    d_real, d_fake, d = cdist(real, real), cdist(fake, fake), cdist(real, fake)
    r_real, r_fake = np.sort(d_real, axis=1)[:, K], np.sort(d_fake, axis=1)[:, K]
    return {
        "precision": (d < r_real[:, None]).any(axis=0).mean(),
        "recall": (d < r_fake[None]).any(axis=1).mean(),
        "density": (d < r_real[:, None]).sum(axis=0).mean() / K,
        "coverage": (d < r_real[:, None]).any(axis=1).mean(),
        "energy": np.sqrt(max(2 * d.mean() - d_real.mean() - d_fake.mean(), 0)),
    }


@pytest.mark.parametrize("dims", [1, 2, 64])
@pytest.mark.parametrize(
    ("m", "n"), [(6, 6), (40, 40), (300, 120), (120, 300), (2 * BLOCK_ROWS + 7, BLOCK_ROWS + 1)]
)
def test_neighbours_are_those_of_a_plain_program(dims: int, m: int, n: int, measured: Any) -> None:
    rng = np.random.default_rng(dims + m + n)
    real, fake = rng.normal(size=(m, dims)), 0.8 * rng.normal(size=(n, dims)) + 0.2
    for name, expected in plainly(real, fake).items():
        assert measured(name, real, fake).value == pytest.approx(expected, rel=1e-9), name


def test_only_the_first_thousand_of_either_side_take_part(measured: Any) -> None:
    rng = np.random.default_rng(0)
    real, fake = (
        rng.normal(size=(NEIGHBOUR_POINTS + 300, 2)),
        rng.normal(size=(NEIGHBOUR_POINTS + 500, 2)) + 0.5,
    )
    assert NEIGHBOUR_POINTS == 1000
    for name, expected in plainly(real[:NEIGHBOUR_POINTS], fake[:NEIGHBOUR_POINTS]).items():
        assert measured(name, real, fake).value == pytest.approx(expected, rel=1e-9), name


LINE = np.arange(10.0)[:, None]
"""Neighbourhoods of 5 at the ends and 4, 3, 3, 3 in the middle: 5 4 3 3 3 3 3 3 4 5."""


@pytest.mark.parametrize(
    ("fake", "precision", "density", "recall", "coverage"),
    [
        # Less far than its 5th neighbour are five of each point's, itself among them.
        (LINE, 1, 1, 1, 1),
        # All at 0.5, where six neighbours, all of them there, leave no neighbourhood.
        (np.full((8, 1), 0.5), 1, 4 / 5, 0, 0.4),
        # Far away.
        (LINE + 100, 0, 0, 0, 0),
        # So wide that the one at 0 has all real ones in its neighbourhood, and is in that of 0, 1 and 2.
        (40 * LINE, 0.1, 3 / 50, 1, 0.3),
    ],
    ids=["itself", "collapsed", "far", "spread"],
)
def test_neighbours_by_hand(
    fake: Any, precision: float, density: float, recall: float, coverage: float, measured: Any
) -> None:
    np.testing.assert_array_equal(Neighbourhoods.of(LINE).radius, [5, 4, 3, 3, 3, 3, 3, 3, 4, 5])
    found = {name: measured(name, LINE, fake).value for name in SHARES}
    assert found == pytest.approx(
        {"precision": precision, "recall": recall, "density": density, "coverage": coverage}
    )


def test_what_is_lost_without_a_sample_by_hand(measured: Any) -> None:
    """The point at 0 covers what is left of 4 alone; those at 5 and 5.1 share what is right of it."""
    fake = np.array([[0.0], [5.0], [5.1]])
    found = between(Neighbourhoods.of(LINE), Neighbourhoods.of(fake))
    holds = [abs(LINE[i] - fake[:, 0]) < r for i, r in enumerate([5, 4, *[3] * 6, 4, 5])]
    assert found.covered == np.mean([any(row) for row in holds])
    alone = np.sum([row for row in holds if sum(row) == 1], axis=0) / 10
    np.testing.assert_allclose(found.covering, alone)
    np.testing.assert_array_equal(found.holding, np.sum(holds, axis=0))


@pytest.fixture(scope="module")
def of_perfect_samplers(measured: Any) -> dict[str, Any]:
    """Of k = 5 and 1,000 samples of a plane Gaussian on either side, 20 times."""
    rng = np.random.default_rng(3)
    pairs = [rng.normal(size=(2, 1000, 2)) for _ in range(20)]
    return {name: np.array([measured(name, *pair).value for pair in pairs]) for name in SHARES}


@pytest.mark.parametrize(
    ("name", "one"), [("precision", 0.998), ("recall", 0.993), ("density", 1.005), ("coverage", 0.972)]
)
def test_perfect_samples_of_a_plane_gaussian_score_as_with_other_programs(
    name: str, one: float, of_perfect_samplers: dict[str, Any]
) -> None:
    values = of_perfect_samplers[name]
    assert one == pytest.approx(values.mean(), abs=3 * values.std())


def test_perfect_samples_score_as_theory_says(of_perfect_samplers: dict[str, Any]) -> None:
    """Of any distribution (Naeem et al. 2020): density 1; coverage as likely as that of a point's 5 nearest
    others some are generated. What real ones are to generated ones, these are to those."""
    uncovered = np.prod([(999 - i) / (1999 - i) for i in range(5)])
    for name, expected in (("density", 1), ("coverage", 1 - uncovered)):
        values = of_perfect_samplers[name]
        assert values.mean() == pytest.approx(expected, abs=4 * values.std() / np.sqrt(20))
    precision, recall = of_perfect_samplers["precision"], of_perfect_samplers["recall"]
    error = np.hypot(precision.std(), recall.std()) / np.sqrt(20)
    assert precision.mean() == pytest.approx(recall.mean(), abs=4 * error)


def test_a_collapsed_sampler_is_precise_and_recalls_nothing(measured: Any) -> None:
    rng = np.random.default_rng(1)
    real = rng.normal(size=(1000, 2))
    fake = 1e-4 * rng.normal(size=(1000, 2))
    assert measured("precision", real, fake).value == 1
    assert measured("recall", real, fake).value == 0
    assert measured("coverage", real, fake).value == pytest.approx(0.005, abs=0.004)


def test_the_order_of_samples_does_not_matter(measured: Any) -> None:
    rng = np.random.default_rng(2)
    real, fake = rng.normal(size=(300, 2)), rng.normal(size=(310, 2)) + 0.3
    for name in (*SHARES, "energy"):
        one, two = measured(name, real, fake), measured(name, real[::-1], rng.permutation(fake))
        assert one.value == pytest.approx(two.value, rel=1e-12)
        assert one.se == pytest.approx(two.se, rel=1e-9)


@pytest.mark.parametrize(("m", "n"), [(100, 100), (80, 333)])
def test_the_energy_distance_of_values_is_scipys(m: int, n: int, measured: Any) -> None:
    rng = np.random.default_rng(m)
    real, fake = rng.normal(size=(m, 1)), rng.gamma(2, size=(n, 1))
    expected = stats.energy_distance(real[:, 0], fake[:, 0])
    assert measured("energy", real, fake).value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("fake", "squared"),
    [
        # 2 E|X - Y| - E|X - X'| - E|Y - Y'| of two points against one, two and themselves.
        ([[0.0]], 2 * 0.5 - 0.5 - 0),
        ([[3.0], [3.0]], 2 * 2.5 - 0.5 - 0),
        ([[0.0], [1.0]], 0),
        ([[0.5], [0.5]], 2 * 0.5 - 0.5),
        ([[0.0], [4.0]], 2 * (0 + 1 + 4 + 3) / 4 - 0.5 - 2),
    ],
)
def test_the_energy_distance_by_hand(fake: Any, squared: float, measured: Any) -> None:
    found = measured("energy", [[0.0], [1.0]], fake)
    assert found.value == pytest.approx(np.sqrt(squared), abs=1e-9)
