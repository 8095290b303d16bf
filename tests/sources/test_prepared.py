"""What preparation leaves for the other stages."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from ganstudy.sources.moments import empirical_moments
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.sources.source import Dataset, Source
from ganstudy.sources.stream import Fresh, Shuffled
from ganstudy.training.cell import Cell

SOURCES: dict[str, Any] = {
    "gaussian": {"name": "gaussian", "mean": 4.0, "std": 1.25, "samples": 300},
    "ring": {"name": "ring", "samples": 300},
    "digits": {"name": "digits", "held_out": 0.25},
}


@pytest.fixture
def source_of(make_cell: Callable[..., Cell]) -> Callable[[str], Source]:
    return lambda name: make_source(make_cell(source=SOURCES[name]).recipe.source)


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def assert_same(one: Prepared, other: Prepared) -> None:
    assert one.description == other.description
    for part in ("train", "held_out", "train_labels", "held_out_labels"):
        mine, its = getattr(one, part), getattr(other, part)
        assert (mine is None) == (its is None)
        if mine is not None:
            np.testing.assert_array_equal(mine, its)
            assert mine.dtype == its.dtype


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_saved_is_loaded(name: str, source_of: Callable[[str], Source], tmp_path: Path) -> None:
    prepared = Prepared.of(source_of(name))
    prepared.save(tmp_path)
    assert_same(Prepared.load(tmp_path), prepared)


@pytest.mark.parametrize("name", SOURCES)
def test_the_same_source_leaves_the_same_bytes(
    name: str, source_of: Callable[[str], Source], tmp_path: Path
) -> None:
    for run in ("one", "two"):
        Prepared.of(source_of(name)).save(tmp_path / run)
    assert everything(tmp_path / "one") == everything(tmp_path / "two")
    assert "description.json" in everything(tmp_path / "one")


@pytest.mark.parametrize("name", SOURCES)
def test_the_description_tells_what_the_arrays_are(name: str, source_of: Callable[[str], Source]) -> None:
    source = source_of(name)
    prepared = Prepared.of(source)
    told = prepared.description
    assert told["source"]["name"] == name
    assert prepared.shape == tuple(told["shape"])
    assert source.shape in (None, prepared.shape)
    assert told["rows"] == {"train": len(prepared.train), "held_out": len(prepared.held_out)}
    assert prepared.train.shape[1:] == prepared.held_out.shape[1:] == prepared.shape
    assert prepared.train.dtype == prepared.held_out.dtype == np.float32
    content = prepared.train.tobytes() + prepared.held_out.tobytes()
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert told["streamed"] == told["moments"]["exact"] == (name != "digits")
    assert told["units"]


def test_a_distributions_moments_are_exact(source_of: Callable[[str], Source]) -> None:
    assert Prepared.of(source_of("gaussian")).description["moments"] == {
        "exact": True,
        "mean": [4.0],
        "std": [1.25],
        "skew": [0.0],
        "kurtosis": [0.0],
    }


def test_a_distributions_two_parts_are_drawn_apart(source_of: Callable[[str], Source]) -> None:
    prepared = Prepared.of(source_of("gaussian"))
    assert len(prepared.train) == len(prepared.held_out) == 300
    assert len(np.intersect1d(prepared.train, prepared.held_out)) < 5


def table(samples: Any, *labels: Any) -> Any:
    """A row for each sample."""
    return np.column_stack([samples.reshape(len(samples), -1), *labels])


def test_a_data_set_is_split_without_loss(source_of: Callable[[str], Source]) -> None:
    source = source_of("digits")
    prepared = Prepared.of(source)
    assert len(prepared.held_out) == round(0.25 * 1797)
    assert len(prepared.train) == 1797 - len(prepared.held_out)
    assert isinstance(source, Dataset)
    contents = source.load()
    original = table(source.transform.apply(contents.samples), contents.labels)
    assert prepared.train_labels is not None
    assert prepared.held_out_labels is not None
    parts = np.vstack(
        [
            table(prepared.train, prepared.train_labels),
            table(prepared.held_out, prepared.held_out_labels),
        ]
    )
    np.testing.assert_array_equal(
        parts[np.lexsort(parts.T)],
        original[np.lexsort(original.T)],
        err_msg="samples or their labels changed",
    )
    # The digits come sorted by writer; a split in their order would hold out whole writers.
    assert (parts[:100] != original[:100]).any()


def test_a_pixel_that_never_changes_has_no_shape(source_of: Callable[[str], Source]) -> None:
    prepared = Prepared.of(source_of("digits"))
    moments = prepared.description["moments"]
    constant = prepared.held_out.std(axis=0).ravel() == 0
    assert constant.any()
    assert [value is None for value in moments["skew"]] == constant.tolist()
    assert [value is None for value in moments["kurtosis"]] == constant.tolist()
    assert None not in moments["mean"]


def test_made_up_samples_stream_and_files_are_passed_over(source_of: Callable[[str], Source]) -> None:
    ring, digits = source_of("ring"), source_of("digits")
    assert isinstance(Prepared.of(ring).stream(ring), Fresh)
    prepared = Prepared.of(digits)
    stream = prepared.stream(digits)
    assert isinstance(stream, Shuffled)
    epoch, train = (table(x) for x in (stream.take(0, 0, len(prepared.train)), prepared.train))
    np.testing.assert_array_equal(epoch[np.lexsort(epoch.T)], train[np.lexsort(train.T)])


@pytest.mark.parametrize("part", ["train", "held_out"])
def test_pickles_are_refused(part: str, source_of: Callable[[str], Source], tmp_path: Path) -> None:
    Prepared.of(source_of("ring")).save(tmp_path)
    np.save(tmp_path / f"{part}.npy", np.array([{"any": "object"}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        Prepared.load(tmp_path)


@pytest.mark.parametrize("seed", range(3))
def test_empirical_moments_are_scipys(seed: int) -> None:
    x = np.random.default_rng(seed).gamma(2.0, size=(500, 3))
    moments = empirical_moments(x)
    np.testing.assert_allclose(moments.mean, x.mean(axis=0))
    np.testing.assert_allclose(moments.std, x.std(axis=0))
    np.testing.assert_allclose(moments.skew, stats.skew(x))
    np.testing.assert_allclose(moments.kurtosis, stats.kurtosis(x))


def test_empirical_moments_worked_out_by_hand() -> None:
    moments = empirical_moments(np.array([[0.0, 7.0], [0.0, 7.0], [0.0, 7.0], [4.0, 7.0]]))
    # Deviations -1, -1, -1, 3: squares add to 12, cubes to 24, fourth powers to 84.
    np.testing.assert_allclose(moments.mean, [1, 7])
    np.testing.assert_allclose(moments.std, [3**0.5, 0])
    np.testing.assert_allclose(moments.skew, [6 / 3**1.5, np.nan])
    np.testing.assert_allclose(moments.kurtosis, [21 / 9 - 3, np.nan])
