"""Checkpoints: found by what they continue and by nothing else, never half written, gone in the end."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from ganstudy.core.errors import UserError
from ganstudy.execution import checkpoints
from ganstudy.execution.checkpoints import Checkpoints
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.cell import Cell

SHARDS = [[0, 1], [2]]
STATE = {"gan.step": np.array([7]), "gan.0": np.arange(6, dtype=np.float32).reshape(2, 3)}


@pytest.fixture
def begin(tmp_path: Path, make_cell: Callable[..., Cell]) -> Callable[..., Checkpoints]:
    """`begin(loss, **recipe)`: the checkpoints of a cell, all in one folder."""

    def begun(loss: str = "mse", **recipe: object) -> Checkpoints:
        cell = make_cell(loss, **recipe)
        return Checkpoints(tmp_path / "kept", cell, Prepared.of(make_source(cell.recipe.source)))

    return begun


class KilledError(Exception):
    """Leaves the checkpoints where they are."""


def leave(kept: Checkpoints, shards: list[list[int]] = SHARDS) -> list[Path]:
    """Save something of the first shard, and die. The files left."""
    with suppress(KilledError), kept:
        kept.begin(shards)[1][0].save(STATE)
        raise KilledError
    return list(kept.folder.glob("*.state"))


def test_what_is_saved_is_found_again_by_its_shard_alone(begin: Callable[..., Checkpoints]) -> None:
    leave(begin())
    with begin() as kept:
        first, second = (checkpoint.load() for checkpoint in kept.begin(SHARDS)[1])
    assert second is None
    assert first is not None
    assert first.keys() == STATE.keys()
    for name, value in STATE.items():
        np.testing.assert_array_equal(first[name], value)


def test_nothing_is_left_when_the_cell_is_done(begin: Callable[..., Checkpoints]) -> None:
    leave(begin())
    with begin() as kept:
        kept.begin(SHARDS)[1][1].save(STATE)
    assert not kept.folder.exists()


@pytest.mark.parametrize(
    "other",
    [{"loss": "hinge"}, {"steps": 13}, {"source": {"name": "gaussian", "mean": 4.5, "samples": 200}}],
    ids=["loss", "recipe", "data"],
)
def test_another_trainings_is_removed(other: dict[str, object], begin: Callable[..., Checkpoints]) -> None:
    (left,) = leave(begin())
    with begin(**other) as kept:
        assert [checkpoint.load() for checkpoint in kept.begin(SHARDS)[1]] == [None, None]
        assert not left.exists()


@pytest.mark.parametrize("changed", ["code", "device", "seeds"])
def test_one_made_otherwise_is_removed(
    changed: str, begin: Callable[..., Checkpoints], monkeypatch: pytest.MonkeyPatch
) -> None:
    (left,) = leave(begin())
    if changed == "code":
        monkeypatch.setattr(checkpoints, "package_digest", lambda: "other")
    elif changed == "device":
        monkeypatch.setenv("GANSTUDY_DEVICE", "cuda")
    with begin() as kept:
        kept.begin([[0], [1, 3]] if changed == "seeds" else SHARDS)
        assert not left.exists()


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:100] + b"x" + b[101:], lambda b: b""])
def test_a_damaged_one_is_ignored_and_removed(
    damage: Callable[[bytes], bytes], begin: Callable[..., Checkpoints]
) -> None:
    (left,) = leave(begin())
    left.write_bytes(damage(left.read_bytes()))
    with begin() as kept:
        assert kept.begin(SHARDS)[1][0].load() is None
        assert not left.exists()


def test_other_workers_go_on_with_the_shards_that_were_begun(begin: Callable[..., Checkpoints]) -> None:
    leave(begin())
    with begin() as kept:
        shards, (first, second) = kept.begin([[0], [1], [2]])
        assert shards == SHARDS
        assert first.load()
        assert not second.load()


def test_half_a_file_never_has_its_name(
    begin: Callable[..., Checkpoints], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the content is written and before it is the disk's."""
    with begin() as kept:
        _, (first, _) = kept.begin(SHARDS)
        first.save(STATE)
        whole = set(kept.folder.iterdir())

        def die(descriptor: int) -> None:
            raise KilledError

        monkeypatch.setattr("os.fsync", die)
        with pytest.raises(KilledError):
            first.save({**STATE, "gan.step": np.array([8])})
        found = first.load()
        assert found is not None
        assert found["gan.step"] == 7
        assert set(kept.folder.iterdir()) > whole
        # The other half is no obstacle.
        kept.begin(SHARDS)
        assert set(kept.folder.iterdir()) == whole


@pytest.mark.parametrize(("seconds", "due"), [("3600", False), ("0", True)])
def test_it_is_due_after_as_many_seconds_as_the_environment_says(
    seconds: str, due: bool, begin: Callable[..., Checkpoints], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSTUDY_CHECKPOINT_SECONDS", seconds)
    with begin() as kept:
        _, (first, _) = kept.begin(SHARDS)
        assert first.is_due is due
        first.save(STATE)
        assert first.is_due is due


def test_a_second_trainer_stops_with_a_line(
    begin: Callable[..., Checkpoints], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LOCK_PATIENCE", 0.1)
    kept = begin()
    kept.folder.mkdir()
    with FileLock(kept.folder / "lock"), pytest.raises(UserError) as stopped, kept:
        pass
    assert (
        str(stopped.value)
        == f"{kept.folder}: locked; another process is training this cell, wait until it has ended"
    )
    with kept:
        pass
