"""What a perfect sampler scores: the floor beside every figure."""

from collections.abc import Callable
from contextlib import chdir
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ganstudy.evaluation import Truth, judge
from ganstudy.evaluation.figures import FIGURES
from ganstudy.evaluation.judgement import FLOOR_DRAWS
from ganstudy.params import Cell, Evaluation
from ganstudy.runs import Runs

N = 300
DRAWS = 80
SOURCES: dict[str, dict[str, Any]] = {
    "pattern_1010": {"samples": N},
    "gaussian": {"mean": 4.0, "std": 1.25, "samples": N},
    "ring": {"samples": N},
    "grid": {"samples": N},
    "digits": {},
    "table": {"path": "t.csv"},
}
# A floor is set from a few draws itself. The chance that a new draw stays below the k-th smallest of n is
# distributed as Beta(k, n + 1 - k), so of DRAWS new ones a beta-binomial number does.
RANK = int(0.95 * (FLOOR_DRAWS - 1)) + 1
BELOW = stats.betabinom(DRAWS, RANK, FLOOR_DRAWS + 1 - RANK)
LEAST = BELOW.ppf(1e-5)


class Floor(NamedTuple):
    floor: float | None
    share: float | None
    """Of new draws whose error stays below it."""


@pytest.fixture(scope="module")
def floors(
    make_cell: Callable[..., Cell],
    make_truth: Callable[[Cell], Truth],
    make_runs: Callable[..., Runs],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], dict[str, Floor]]:
    """`floors(source)`: of each figure the floor that stands in a judgement, tried on new draws."""
    home = tmp_path_factory.mktemp("study")
    (home / "data/raw/tables").mkdir(parents=True)
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"a": rng.gamma(2, size=1500), "b": rng.normal(size=1500)})
    table.to_csv(home / "data/raw/tables/t.csv", index=False)

    def tried(name: str, truth: Truth, floor: float | None) -> Floor:
        if floor is None:
            return Floor(None, None)
        rng = np.random.default_rng(7)
        errors = [FIGURES[name].measure(truth.draw(rng, N), truth).error for _ in range(DRAWS)]
        # Floors are given to six digits.
        return Floor(floor, float((np.array(errors) <= floor * (1 + 1e-5)).mean()))

    @cache
    def of(source: str) -> dict[str, Floor]:
        cell = make_cell(source={"name": source, **SOURCES[source]})
        with chdir(home):
            truth = make_truth(cell)
        judged = judge(cell, make_runs(cell, np.zeros((1, N, len(truth.directions)))), truth, Evaluation())
        return {name: tried(name, truth, judged["figures"][name]["floor"]) for name in FIGURES}

    return of


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", FIGURES)
def test_a_perfect_sampler_stays_below_the_floor(
    source: str, name: str, floors: Callable[[str], dict[str, Floor]]
) -> None:
    share = floors(source)[name].share
    assert share is None or share >= LEAST / DRAWS


def test_every_figure_was_tried(floors: Callable[[str], dict[str, Floor]]) -> None:
    assert {name for source in SOURCES for name in FIGURES if floors(source)[name].share} == set(FIGURES)


def test_the_floors_together_hold_about_as_often_as_they_say(
    floors: Callable[[str], dict[str, Floor]],
) -> None:
    """One floor may be lucky; all together may not. Figures that a perfect sampler always gets right, whose
    floor is zero, say nothing here."""
    shares = [found.share for source in SOURCES for found in floors(source).values() if found.floor]
    assert len(shares) > 20
    assert 0.88 < np.mean(shares) < 0.98


def test_a_floor_belongs_to_the_number_of_samples(
    make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth], make_runs: Callable[..., Runs]
) -> None:
    """Errors of averages shrink as 1 / sqrt(n)."""
    cell = make_cell(source={"name": "gaussian", "samples": 50})
    truth = make_truth(cell)

    def floors_at(n: int) -> dict[str, float]:
        judged = judge(cell, make_runs(cell, np.zeros((1, n, 1))), truth, Evaluation())
        return {name: judged["figures"][name]["floor"] for name in ("mean", "std", "wasserstein", "ks")}

    few, many = floors_at(100), floors_at(6400)
    for name in few:
        assert few[name] / many[name] == pytest.approx(8, rel=0.6)


def test_floors_are_the_same_every_time_and_for_every_run(
    make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth], make_runs: Callable[..., Runs]
) -> None:
    cell = make_cell(source={"name": "ring", "samples": 50})
    one = judge(cell, make_runs(cell, np.zeros((1, 60, 2))), make_truth(cell), Evaluation())
    two = judge(cell, make_runs(cell, np.ones((3, 60, 2))), make_truth(cell), Evaluation())
    assert [one["figures"][name]["floor"] for name in FIGURES] == [
        two["figures"][name]["floor"] for name in FIGURES
    ]


MANY = 160


@pytest.fixture(scope="module")
def draws(make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]) -> Callable[[str, str], Any]:
    """`draws(figure, field)`: what it says of many perfect samples of 10,000 values of N(4, 1.25)."""
    truth = make_truth(make_cell(source={"name": "gaussian", "mean": 4.0, "std": 1.25, "samples": 10}))
    rng = np.random.default_rng(8)
    samples = [truth.draw(rng, 10_000) for _ in range(MANY)]
    return lambda name, field: np.array(
        [getattr(FIGURES[name].measure(drawn, truth), field) for drawn in samples]
    )


@pytest.mark.parametrize(
    ("name", "deviation"), [("mean", 0.0125), ("std", 0.0088), ("skew", 0.0245), ("kurtosis", 0.049)]
)
def test_moments_of_a_perfect_sampler_scatter_as_theory_says(name: str, deviation: float, draws: Any) -> None:
    """Of n Gaussian values: σ / √n, σ / √2n, √(6/n), √(24/n)."""
    found = draws(name, "value").std()
    assert found == pytest.approx(deviation, rel=4 / np.sqrt(2 * MANY))


@pytest.mark.parametrize(("name", "quantile"), [("wasserstein", 0.027), ("ks", 0.0137)])
def test_distances_of_a_perfect_sampler_are_as_theory_says(name: str, quantile: float, draws: Any) -> None:
    """95 of 100 lie below; of MANY draws, that share up to four binomial standard deviations."""
    share = (draws(name, "error") < quantile).mean()
    assert share == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / MANY))


@pytest.mark.parametrize(("source", "modes", "quantile"), [("ring", 8, 0.0028), ("grid", 25, 0.0073)])
def test_reverse_kl_of_a_perfect_sampler_is_as_theory_says(
    source: str,
    modes: int,
    quantile: float,
    make_cell: Callable[..., Cell],
    make_truth: Callable[[Cell], Truth],
) -> None:
    """2n times it is χ² with modes - 1 degrees of freedom."""
    assert stats.chi2(modes - 1).ppf(0.95) / (2 * 2500) == pytest.approx(quantile, abs=5e-5)
    truth, rng = make_truth(make_cell(source={"name": source, "samples": 10})), np.random.default_rng(9)
    found = [FIGURES["reverse_kl"].measure(truth.draw(rng, 2500), truth).error for _ in range(MANY)]
    assert (np.array(found) < quantile).mean() == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / MANY))


@pytest.mark.parametrize("source", ["ring", "grid"])
def test_a_perfect_sampler_is_of_high_quality_in_98_9_percent(
    source: str, make_cell: Callable[..., Cell], make_truth: Callable[[Cell], Truth]
) -> None:
    """Within three standard deviations of a plane Gaussian lie 1 - exp(-9/2), not the 0.9973 of a line."""
    truth, rng = make_truth(make_cell(source={"name": source, "samples": 10})), np.random.default_rng(10)
    figure = FIGURES["high_quality"]
    assert figure.target(truth) == pytest.approx(0.98889, abs=5e-6)
    shares = [figure.measure(truth.draw(rng, 2500), truth).value for _ in range(40)]
    assert np.mean(shares) == pytest.approx(0.98889, abs=4 * np.sqrt(0.98889 * 0.01111 / 100_000))
