"""Which engine trains, and in what shards, is the environment's to say."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ganstudy.core.errors import UserError
from ganstudy.execution import cell as execution
from ganstudy.execution.checkpoints import Checkpoints
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.cell import Cell
from ganstudy.training.shard import train_shard


class PlannedError(Exception):
    """What there is to train is known, and that is enough."""


@pytest.fixture
def plan(
    make_cell: Callable[..., Cell], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], list[list[int]]]:
    """`plan(seeds)`: the shards in which so many would be trained."""
    cell = make_cell()
    data = Prepared.of(make_source(cell.recipe.source))
    planned: list[list[int]] = []

    def begin(self: Checkpoints, wanted: list[list[int]]) -> None:
        planned[:] = wanted
        raise PlannedError

    monkeypatch.setattr(Checkpoints, "begin", begin)

    def plan(seeds: int) -> list[list[int]]:
        with pytest.raises(PlannedError):
            execution.run(
                train_shard, cell, range(seeds), data, checkpoints=Checkpoints(tmp_path, cell, data)
            )
        return planned

    return plan


def test_shards_follow_the_number_of_workers_and_of_replicas(
    plan: Callable[[int], list[list[int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSTUDY_WORKERS", "2")
    assert plan(5) == [[0, 1], [2, 3, 4]]
    monkeypatch.setenv("GANSTUDY_REPLICAS", "2")
    assert plan(5) == [[0], [1], [2], [3, 4]]


def test_an_engine_that_is_not_there_is_named(
    plan: Callable[[int], list[list[int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSTUDY_ENGINE", "steam")
    with pytest.raises(UserError, match="GANSTUDY_ENGINE: found 'steam'"):
        plan(5)
    monkeypatch.setenv("GANSTUDY_ENGINE", "ray")
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UserError) as refused:
        plan(5)
    assert str(refused.value) == "GANSTUDY_ENGINE: ray is not installed; pip install 'ganstudy[ray]'"
