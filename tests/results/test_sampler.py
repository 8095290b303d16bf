"""A finished generator on its own."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from ganstudy.core.random import generator
from ganstudy.results.sampler import Sampler, _load_pyfunc
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

SEEDS = [3, 5]
TrainCell = Callable[[Cell, Sequence[int]], Runs]


def sampler_of(cell: Cell, runs: Runs, replica: int, **description: object) -> Sampler:
    about = {"shape": runs.samples.shape[2:], "transform": {"name": "identity"}, **description}
    return Sampler.of(cell.recipe.noise, cell.recipe.generator, about, runs.weights, replica)


@pytest.fixture(scope="module")
def cell(make_cell: Callable[..., Cell]) -> Cell:
    return make_cell(samples=500)


@pytest.fixture(scope="module")
def runs(cell: Cell, train_cell: TrainCell) -> Runs:
    return train_cell(cell, SEEDS)


@pytest.mark.parametrize("replica", [0, 1])
def test_it_makes_what_its_run_was_judged_by(cell: Cell, runs: Runs, replica: int) -> None:
    """The run's own noise gives the run's own samples, to rounding: its arithmetic was another library's."""
    sampler = sampler_of(cell, runs, replica)
    noise = generator(SEEDS[replica], "evaluation", "final").standard_normal((500, 3), np.float32)
    np.testing.assert_allclose(sampler(noise), runs.samples[replica], rtol=1e-5, atol=1e-6)


def test_it_is_the_same_after_a_file(cell: Cell, runs: Runs, tmp_path: Path) -> None:
    sampler = sampler_of(cell, runs, 1)
    sampler.save(tmp_path)
    noise = sampler.draw_noise(50, seed=4)
    np.testing.assert_array_equal(Sampler.load(tmp_path)(noise), sampler(noise))
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".safetensors"}


def test_noise_is_its_seeds(cell: Cell, runs: Runs) -> None:
    sampler = sampler_of(cell, runs, 0)
    np.testing.assert_array_equal(sampler.draw_noise(9, 1)[:4], sampler.draw_noise(4, 1))
    assert not np.array_equal(sampler.draw_noise(9, 1), sampler.draw_noise(9, 2))


def test_many_samples_are_made_as_few_are(cell: Cell, runs: Runs) -> None:
    """They go through in parts."""
    sampler = sampler_of(cell, runs, 0)
    noise = sampler.draw_noise(20_001)
    made = sampler(noise)
    assert made.shape == (20_001, 1)
    np.testing.assert_allclose(made[-5:], sampler(noise[-5:]), rtol=1e-6)


def test_a_table_comes_back_in_its_own_units(cell: Cell, runs: Runs) -> None:
    plain = sampler_of(cell, runs, 0)
    own = sampler_of(cell, runs, 0, transform={"name": "standardise", "mean": [170.0], "std": [8.0]})
    noise = plain.draw_noise(20)
    np.testing.assert_allclose(own(noise), plain(noise) * 8 + 170, rtol=1e-6)


def test_images_are_pictures_from_black_to_white(
    make_cell: Callable[..., Cell], train_cell: TrainCell
) -> None:
    cell = make_cell(source="digits", generator={"hidden": [4], "output": "tanh"})
    runs = train_cell(cell, [0])
    sampler = sampler_of(cell, runs, 0, transform={"name": "pixel_range"})
    images = sampler(np.full((7, 3), 40, np.float32))
    assert images.shape == (7, 1, 8, 8)
    assert images.min() >= 0
    assert images.max() <= 1
    # Such noise drives the outputs to both ends of what networks see, -1 to 1.
    assert images.min() < 0.1
    assert images.max() > 0.9


@pytest.mark.parametrize("shape", [(5,), (5, 2), (5, 3, 1)])
def test_noise_of_another_shape_is_refused(cell: Cell, runs: Runs, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"give \[n, 3\]"):
        sampler_of(cell, runs, 0)(np.zeros(shape, np.float32))


@pytest.mark.parametrize("given", [0, -1, 2.5, True, "7", None])
def test_the_model_asks_for_a_number_of_samples_or_for_noise(
    cell: Cell, runs: Runs, tmp_path: Path, given: object
) -> None:
    sampler_of(cell, runs, 0).save(tmp_path)
    model = _load_pyfunc(str(tmp_path))
    assert model.predict(4).shape == (4, 1)
    with pytest.raises(ValueError, match="from 1 up, or noise"):
        model.predict(given)
