"""`ganstudy compare`: the cells side by side, written."""

from collections.abc import Callable

import pandas as pd
import pytest

from ganstudy.core.files import read_json
from ganstudy.pipeline.compare import compare
from ganstudy.results import paths
from ganstudy.results.study_results import load_cells
from ganstudy.study.params import Params

Files = Callable[[], dict[str, bytes]]
LOSSES = ["mse", "hinge"]


@pytest.fixture
def finished(study: Callable[..., Params], finish: Callable[[Params], None]) -> Params:
    params = study({"w": {}, "v": {"noise": "uniform"}}, LOSSES)
    finish(params)
    return params


def test_comparison_and_leaderboard_are_written(finished: Params) -> None:
    compare(finished)
    comparison = read_json(paths.COMPARISON)
    assert set(comparison["variants"]) == set(comparison["findings"]) == {"v", "w"}
    for result, cell in zip(load_cells(finished), comparison["cells"], strict=True):
        assert result.summary.items() <= cell.items()
    board = pd.read_csv(paths.LEADERBOARD)
    assert list(board["variant"]) == ["v", "v", "w", "w"]
    assert list(board["rank"]) == [1, 2, 1, 2]
    for variant in ("v", "w"):
        ranking = comparison["variants"][variant]["ranking"]
        assert list(board[board["variant"] == variant]["loss"]) == ranking
    assert list(board["cell"]) == list(board["variant"] + " " + board["loss"])
    assert (board["runs"] == 2).all()
    assert board["success_rate"].between(board["success_rate_low"], board["success_rate_high"]).all()


def test_cells_of_another_study_are_removed(finished: Params, study: Callable[..., Params]) -> None:
    compare(study({"v": {"noise": "uniform"}}, ["mse"]))
    assert [path.name for path in paths.RUNS.rglob("*") if path.is_dir()] == ["v", "mse"]
    assert list(pd.read_csv(paths.LEADERBOARD)["cell"]) == ["v mse"]


def test_comparing_twice_writes_the_same_bytes(finished: Params, files: Files) -> None:
    compare(finished)
    once = files()
    compare(finished)
    assert files() == once
