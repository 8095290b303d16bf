"""What pictures are made of."""

from collections.abc import Callable

import numpy as np
import pytest
import seaborn as sns

from ganstudy.core.colours import colours
from ganstudy.reporting.measures import in_floors, seeds_in_floors
from ganstudy.reporting.panels import span, within
from ganstudy.reporting.picture import Subject
from ganstudy.reporting.pictures.curves import moment_columns, target_moments, terms
from ganstudy.reporting.pictures.distances import reach
from ganstudy.reporting.pictures.distributions import median_gap, quantiles, share_of, true_quantiles
from ganstudy.reporting.pictures.images import tile
from ganstudy.results.study_results import Results
from made_up import DIGITS, GAUSSIAN, PATTERN

Finish = Callable[..., Results]


def subject(results: Results) -> Subject:
    """Of the only variant."""
    return Subject(results.cells, colours(list(results.params.losses)))


def test_a_run_that_diverges_does_not_squeeze_the_others() -> None:
    values = np.append(np.linspace(0, 1, 999), [1e30, np.nan, np.inf])
    low, high = span(values, 0.5)
    assert -0.1 < low < 0.02
    assert 0.98 < high < 1.1


def test_limits_show_what_they_must_even_without_values() -> None:
    low, high = span(np.array([np.nan]), 0.25)
    assert low < 0.25 < high
    assert span(np.array([])) == (-0.06, 1.06)


def test_lines_to_infinity_stay_drawable_and_gaps_stay_gaps() -> None:
    drawn = within(np.array([0.5, 1e300, -np.inf, np.nan]), (0.0, 1.0))
    np.testing.assert_array_equal(drawn, [0.5, 2.0, -1.0, np.nan])


def test_samples_beyond_the_axis_count_in_the_whole() -> None:
    np.testing.assert_array_equal(
        share_of(np.array([0.1, 0.2, 1.5, 9.0]), np.array([0.0, 1.0, 2.0])), [0.5, 0.25]
    )


def test_images_are_laid_out_by_rows() -> None:
    images = np.arange(4, dtype=np.float32).repeat(4).reshape(4, 2, 2)
    sheet = tile(images, 2)
    assert sheet.shape == (5, 5)
    np.testing.assert_array_equal(sheet[[0, 0, 3, 3], [0, 3, 0, 3]], [0, 1, 2, 3])
    assert np.isnan(sheet[2]).all()


def test_a_loss_keeps_its_colour_whatever_comes_after_it() -> None:
    assert colours(["a", "b"]) == {name: colours(["a", "b", "c"])[name] for name in "ab"}
    ten = list(colours([str(i) for i in range(10)]).values())
    assert sorted(ten) == sorted(sns.color_palette("colorblind").as_hex())


def test_quantiles_of_the_data_themselves_lie_on_the_diagonal(finish: Finish) -> None:
    drawn = subject(finish({"v": GAUSSIAN}, {"mse": {}}, seeds=1))
    truth = true_quantiles(drawn, drawn.prepared.held_out[:, 0])
    sure = drawn.source.quantile((np.arange(20_000) + 0.5) / 20_000)
    made = quantiles(np.stack([sure, sure + 0.5, np.full(20_000, np.nan)]), truth)
    assert median_gap(made[[0]]) < 0.01
    assert median_gap(made[[1]]) == pytest.approx(0.5, abs=0.01)
    assert made[2].isna().all()
    assert median_gap(made) == pytest.approx(0.25, abs=0.01), "of the runs that ended with numbers"


def test_a_distance_in_floors_is_its_error_over_the_floor(finish: Finish) -> None:
    results = finish({"v": GAUSSIAN}, {"mse": {}}, diverges=lambda cell, seed: seed == 1)
    (result,) = results.cells
    found = seeds_in_floors(result)
    floor = results.comparison["variants"]["v"]["floor"]
    assert found[0] == result.judged["runs"][0]["wasserstein_error"] / floor
    assert np.isinf(found).tolist() == [False, True, False]
    span = in_floors(result)
    assert span
    assert span[0] <= span[1] <= span[2]
    assert min(found) <= span[1] <= max(found[[0, 2]])


def test_without_a_run_that_ended_there_is_no_distance(finish: Finish) -> None:
    (result,) = finish({"v": GAUSSIAN}, {"mse": {}}, diverges=lambda cell, seed: True).cells
    assert in_floors(result) is None
    assert reach([]) == reach([1.0])


@pytest.mark.parametrize(
    ("loss", "drawn"),
    [
        ("mse", ["discriminator_real", "discriminator_fake"]),
        ("dragan", ["discriminator_real", "discriminator_fake"]),
        ("wgan_gp", ["discriminator"]),
        ("relativistic", ["discriminator"]),
    ],
)
def test_terms_are_drawn_apart_unless_only_their_sum_is_fixed(
    finish: Finish, loss: str, drawn: list[str]
) -> None:
    runs = finish({"v": GAUSSIAN}, {loss: {}}, seeds=1).cells[0].runs
    assert [column for column, _ in terms(runs)] == drawn


def test_curves_are_held_against_exact_moments(finish: Finish) -> None:
    pattern = subject(finish({"v": PATTERN}, {"mse": {}}, seeds=1))
    assert moment_columns(pattern, "mean") == ["mean_1", "mean_2", "mean_3", "mean_4"]
    assert target_moments(pattern, "mean") == pytest.approx([0.9, 0.1, 0.9, 0.1])


def test_pooled_curves_are_held_against_pooled_pixels(finish: Finish) -> None:
    digits = subject(finish({"v": DIGITS}, {"mse": {}}, seeds=1))
    assert moment_columns(digits, "std") == ["std"]
    pooled = digits.prepared.held_out.ravel().astype(float)
    assert target_moments(digits, "std") == pytest.approx([pooled.std()])
