"""Curves, sample tables and settings as the store is given them."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ganstudy.statistics.curves import interquartile_curve
from ganstudy.statistics.estimates import interquartile_mean
from ganstudy.tracking.cell_run import cell_params
from ganstudy.tracking.curves import INTERVAL_POINTS, SEED_POINTS, cell_curve, seed_curve
from ganstudy.tracking.samples import TABLE_ROWS, TABLE_VALUES, sample_table
from ganstudy.training.cell import Cell


def history(values: list[list[float]], **more: float) -> pd.DataFrame:
    """`values`, `[seeds, points]`, of one column."""
    return pd.concat(
        [
            pd.DataFrame({"seed": seed, "step": range(1, len(row) + 1), "generator": row, **more})
            for seed, row in enumerate(values)
        ],
        ignore_index=True,
    )


def test_a_cells_curve_is_the_mean_of_the_middle_half() -> None:
    point, low, high = cell_curve(history([[1.0], [2.0], [3.0], [100.0]]))
    assert point == ("curve/generator", 2.5, 1)
    assert (low.key, high.key) == ("interval/generator_low", "interval/generator_high")


@pytest.mark.parametrize("gaps", [0, 2, 6])
def test_a_cells_curve_is_the_interquartile_mean_with_and_without_gaps(gaps: int) -> None:
    values = np.random.default_rng(gaps).normal(size=(7, 6))
    values[0, :gaps] = np.nan
    means = [p.value for p in cell_curve(history(values.tolist())) if p.key == "curve/generator"]
    assert means == pytest.approx([interquartile_mean(row) for row in values.T])


def test_a_cells_curve_stops_where_every_run_has_diverged() -> None:
    nan = float("nan")
    points = cell_curve(history([[1.0, 2.0, nan], [3.0, nan, float("inf")]]))
    assert [p for p in points if p.key == "curve/generator"] == [
        ("curve/generator", 2.0, 1),
        ("curve/generator", 2.0, 2),
    ]
    # One run alone has no interval.
    assert {point.step for point in points if point.key.startswith("interval/")} == {1}


def test_a_cells_interval_holds_its_mean_as_often_as_it_says() -> None:
    """Of 2,000 means of 16 normal values; the true one is 0."""
    values = np.random.default_rng(0).normal(size=(2000, 16))
    _, low, high = interquartile_curve(values)
    inside = int(np.sum((low < 0) & (high > 0)))
    # Binomial(2000, 0.95), beyond which lies one in ten thousand on either side, and 1 % that the
    # approximation is allowed.
    assert 1844 <= inside <= 1953


def test_a_cells_interval_is_the_means_where_nothing_is_cut() -> None:
    """Of three runs none is trimmed: Student's interval."""
    mean, low, high = interquartile_curve(np.array([[1.0, 2.0, 6.0]]))[:, 0]
    expected = stats.t.interval(0.95, 2, 3, np.std([1, 2, 6], ddof=1) / np.sqrt(3))
    assert (mean, low, high) == pytest.approx((3, *expected))


def test_the_ends_of_an_interval_are_fewer_than_the_curves_points() -> None:
    points = cell_curve(history(np.random.default_rng(0).normal(size=(5, 200)).tolist()))
    ends = [point.step for point in points if point.key == "interval/generator_low"]
    assert len(ends) == INTERVAL_POINTS
    assert ends[-1] == 200


def test_columns_that_say_nothing_are_no_metrics() -> None:
    keys = {point.key for point in seed_curve(history([[1.0]], penalty=0.0, fake=float("nan")), 0)}
    assert keys == {"curve/generator"}


@pytest.mark.parametrize("columns", [1, 6, 7, 21, 100])
def test_a_seeds_curve_stays_small_and_keeps_its_end(columns: int) -> None:
    names = {f"mean_{i}": float(i + 1) for i in range(columns - 1)}
    points = seed_curve(history([list(np.arange(1.0, 201))], **names), 0)
    assert len(points) <= SEED_POINTS + columns
    steps = [point.step for point in points if point.key == "curve/generator"]
    assert steps[-1] == 200
    assert len(set(np.diff(steps))) == 1
    assert columns > 6 or len(steps) == 200


def test_samples_are_shown_in_the_sources_own_units() -> None:
    description = {
        "shape": [2],
        "columns": ["age", "height"],
        "transform": {"name": "standardise", "mean": [40.0, 1.7], "std": [10.0, 0.1]},
    }
    text = sample_table({3: np.array([[0.0, 0.0], [1.0, -1.0]], np.float32)}, description).decode()
    rows = [line.split(",") for line in text.replace('"', "").splitlines()]
    assert rows[0] == ["seed", "age", "height"]
    assert [[float(cell) for cell in row] for row in rows[1:]] == [[3, 40, 1.7], [3, 50, 1.6]]


@pytest.mark.parametrize(
    ("dims", "seeds", "rows"), [(1, 1, TABLE_ROWS), (784, 1, TABLE_VALUES // 784), (2, 16, TABLE_ROWS // 16)]
)
def test_sample_tables_stay_small(dims: int, seeds: int, rows: int) -> None:
    samples = dict.fromkeys(range(seeds), np.zeros((2000, dims), np.float32))
    table = sample_table(samples, {"shape": [dims], "transform": {"name": "identity"}})
    assert len(table.splitlines()) == 1 + seeds * rows


def test_a_losss_own_options_are_params(make_cell: Callable[..., Cell]) -> None:
    params = cell_params(make_cell({"loss": "r3gan", "penalty": 0.5, "steps": 7}))
    assert (
        params.items()
        >= {"loss.loss": "r3gan", "loss.penalty": "0.5", "loss.steps": "7", "steps": "7"}.items()
    )
