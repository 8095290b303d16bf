"""Finished runs, taken together and kept in files."""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from ganstudy.results.run_files import load_runs, save_runs
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

ARRAYS = ("samples", "evolution", "logits_real", "logits_fake")


@pytest.fixture(scope="module")
def parts(make_cell: Callable[..., Cell], train_cell: Callable[..., Runs]) -> list[Runs]:
    """A cell's runs in three shards."""
    cell = make_cell("smoothed", source="ring", discriminator_pretest=3, update="real_then_fake")
    return [train_cell(cell, seeds) for seeds in ([4, 0], [7], [1, 3])]


def assert_equal(one: Runs, other: Runs) -> None:
    for name in ("seeds", "evolution_steps", "loss", "update"):
        assert getattr(one, name) == getattr(other, name)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert getattr(one, name).dtype == getattr(other, name).dtype
    assert one.weights.keys() == other.weights.keys()
    for name, value in one.weights.items():
        np.testing.assert_array_equal(value, other.weights[name])
    assert one.history.equals(other.history)
    assert (one.pretest is None) == (other.pretest is None)
    if one.pretest is not None and other.pretest is not None:
        for name in ("real", "noise"):
            np.testing.assert_array_equal(one.pretest[name], other.pretest[name])


def test_what_is_saved_is_loaded(parts: list[Runs], tmp_path: Path) -> None:
    save_runs(parts[0], tmp_path)
    assert_equal(load_runs(tmp_path), parts[0])


def test_runs_without_a_pretest_are_kept_without_one(
    make_cell: Callable[..., Cell], train_cell: Callable[..., Runs], tmp_path: Path
) -> None:
    runs = train_cell(make_cell("r3gan"), [0, 1])
    save_runs(runs, tmp_path)
    loaded = load_runs(tmp_path)
    assert loaded.pretest is None
    assert_equal(loaded, runs)


def test_runs_that_diverged_are_kept_like_the_others(parts: list[Runs], tmp_path: Path) -> None:
    broken = Runs.join(parts, [4, 0])
    assert broken.pretest is not None
    broken.samples[0], broken.weights["generator.0.weight"][0] = np.nan, np.inf
    broken.pretest["real"][0] = np.nan
    broken.history.loc[broken.history["seed"] == 4, "generator"] = np.nan
    save_runs(broken, tmp_path)
    assert_equal(load_runs(tmp_path), broken)


def test_saving_twice_leaves_the_same_bytes(
    make_cell: Callable[..., Cell], train_cell: Callable[..., Runs], tmp_path: Path
) -> None:
    for folder in ("one", "two"):
        save_runs(train_cell(make_cell("smoothed", discriminator_pretest=2), [3, 1]), tmp_path / folder)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "weights.safetensors" in names
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_loaded_runs_leave_the_same_bytes_again(parts: list[Runs], tmp_path: Path) -> None:
    save_runs(parts[0], tmp_path / "one")
    save_runs(load_runs(tmp_path / "one"), tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


@pytest.mark.parametrize("name", ARRAYS)
def test_pickles_are_refused(name: str, parts: list[Runs], tmp_path: Path) -> None:
    save_runs(parts[0], tmp_path)
    np.save(tmp_path / f"{name}.npy", np.array([{"any": "object"}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_runs(tmp_path)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_shards_may_come_in_any_order(order: tuple[int, ...], parts: list[Runs]) -> None:
    seeds = [0, 1, 3, 4, 7]
    assert_equal(Runs.join([parts[i] for i in order], seeds), Runs.join(parts, seeds))


def test_joined_runs_are_those_of_their_seeds(parts: list[Runs]) -> None:
    seeds = [3, 7, 0, 4, 1]
    joined = Runs.join(parts, seeds)
    assert joined.seeds == seeds
    assert joined.history["seed"].drop_duplicates().tolist() == seeds
    for replica, seed in enumerate(seeds):
        (part,) = (part for part in parts if seed in part.seeds)
        place = part.seeds.index(seed)
        for name in ARRAYS:
            np.testing.assert_array_equal(getattr(joined, name)[replica], getattr(part, name)[place])
        for name, value in joined.weights.items():
            np.testing.assert_array_equal(value[replica], part.weights[name][place])
        assert joined.pretest is not None
        assert part.pretest is not None
        assert joined.pretest["real"][replica] == part.pretest["real"][place]
        mine, its = (runs.history[runs.history["seed"] == seed] for runs in (joined, part))
        assert mine.reset_index(drop=True).equals(its.reset_index(drop=True))


def test_joined_shards_are_the_whole(
    parts: list[Runs], make_cell: Callable[..., Cell], train_cell: Callable[..., Runs]
) -> None:
    seeds = [4, 0, 7, 1, 3]
    cell = make_cell("smoothed", source="ring", discriminator_pretest=3, update="real_then_fake")
    whole, joined = train_cell(cell, seeds), Runs.join(parts, seeds)
    for name in ARRAYS:
        np.testing.assert_allclose(getattr(joined, name), getattr(whole, name), rtol=1e-4, atol=1e-5)
    assert joined.update == whole.update == "real_then_fake"
    np.testing.assert_allclose(joined.history, whole.history, rtol=1e-4, atol=1e-4)
