"""Finished runs, taken together and kept in files."""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from ganstudy.params import Cell
from ganstudy.runs import Runs

ARRAYS = ("samples", "evolution", "logits_real", "logits_fake")


@pytest.fixture(scope="module")
def parts(make_cell: Callable[..., Cell], play: Callable[..., Runs]) -> list[Runs]:
    """A cell's runs in three shards."""
    cell = make_cell("smoothed", source="ring", warm_up=3, update="real_then_fake")
    return [play(cell, seeds) for seeds in ([4, 0], [7], [1, 3])]


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
    assert (one.warm_up is None) == (other.warm_up is None)
    if one.warm_up is not None and other.warm_up is not None:
        for name in ("real", "noise"):
            np.testing.assert_array_equal(one.warm_up[name], other.warm_up[name])


def test_what_is_saved_is_loaded(parts: list[Runs], tmp_path: Path) -> None:
    parts[0].save(tmp_path)
    assert_equal(Runs.load(tmp_path), parts[0])


def test_runs_without_a_warm_up_are_kept_without_one(
    make_cell: Callable[..., Cell], play: Callable[..., Runs], tmp_path: Path
) -> None:
    runs = play(make_cell("r3gan"), [0, 1])
    runs.save(tmp_path)
    loaded = Runs.load(tmp_path)
    assert loaded.warm_up is None
    assert_equal(loaded, runs)


def test_runs_that_diverged_are_kept_like_the_others(parts: list[Runs], tmp_path: Path) -> None:
    broken = Runs.join(parts, [4, 0])
    assert broken.warm_up is not None
    broken.samples[0], broken.weights["generator.0.weight"][0] = np.nan, np.inf
    broken.warm_up["real"][0] = np.nan
    broken.history.loc[broken.history["seed"] == 4, "generator"] = np.nan
    broken.save(tmp_path)
    assert_equal(Runs.load(tmp_path), broken)


def test_saving_twice_leaves_the_same_bytes(
    make_cell: Callable[..., Cell], play: Callable[..., Runs], tmp_path: Path
) -> None:
    for folder in ("one", "two"):
        play(make_cell("smoothed", warm_up=2), [3, 1]).save(tmp_path / folder)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "weights.safetensors" in names
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_loaded_runs_leave_the_same_bytes_again(parts: list[Runs], tmp_path: Path) -> None:
    parts[0].save(tmp_path / "one")
    Runs.load(tmp_path / "one").save(tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


@pytest.mark.parametrize("name", ARRAYS)
def test_pickles_are_refused(name: str, parts: list[Runs], tmp_path: Path) -> None:
    parts[0].save(tmp_path)
    np.save(tmp_path / f"{name}.npy", np.array([{"any": "object"}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        Runs.load(tmp_path)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_shards_may_come_in_any_order(order: tuple[int, ...], parts: list[Runs]) -> None:
    seeds = [0, 1, 3, 4, 7]
    assert_equal(Runs.join([parts[i] for i in order], seeds), Runs.join(parts, seeds))


def test_joined_runs_are_those_of_their_seeds(parts: list[Runs]) -> None:
    seeds = [3, 7, 0, 4, 1]
    joined = Runs.join(parts, seeds)
    assert joined.seeds == seeds
    assert joined.history["seed"].drop_duplicates().tolist() == seeds
    for lane, seed in enumerate(seeds):
        (part,) = (part for part in parts if seed in part.seeds)
        place = part.seeds.index(seed)
        for name in ARRAYS:
            np.testing.assert_array_equal(getattr(joined, name)[lane], getattr(part, name)[place])
        for name, value in joined.weights.items():
            np.testing.assert_array_equal(value[lane], part.weights[name][place])
        assert joined.warm_up is not None
        assert part.warm_up is not None
        assert joined.warm_up["real"][lane] == part.warm_up["real"][place]
        mine, its = (runs.history[runs.history["seed"] == seed] for runs in (joined, part))
        assert mine.reset_index(drop=True).equals(its.reset_index(drop=True))


def test_joined_shards_are_the_whole(
    parts: list[Runs], make_cell: Callable[..., Cell], play: Callable[..., Runs]
) -> None:
    seeds = [4, 0, 7, 1, 3]
    cell = make_cell("smoothed", source="ring", warm_up=3, update="real_then_fake")
    whole, joined = play(cell, seeds), Runs.join(parts, seeds)
    for name in ARRAYS:
        np.testing.assert_allclose(getattr(joined, name), getattr(whole, name), rtol=1e-4, atol=1e-5)
    assert joined.update == whole.update == "real_then_fake"
    np.testing.assert_allclose(joined.history, whole.history, rtol=1e-4, atol=1e-4)
