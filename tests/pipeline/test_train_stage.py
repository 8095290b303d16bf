"""`ganstudy train`: a cell's runs, written."""

from collections.abc import Callable

import pytest

from ganstudy.pipeline.prepare import prepare
from ganstudy.pipeline.train import train
from ganstudy.results import paths
from ganstudy.results.run_files import load_runs
from ganstudy.study.params import Params


@pytest.mark.slow
def test_a_cells_runs_are_written_and_the_same_bytes_each_time(
    study: Callable[..., Params],
    files: Callable[[], dict[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    params = study({"v": {}, "w": {}}, ["mse", "hinge"])
    prepare(params, "v")
    train(params, "v", "hinge")
    once = files()
    assert {name.rsplit("/", 1)[0] for name in once if name.startswith("data/runs")} == {"data/runs/v/hinge"}
    runs = load_runs(paths.runs("v", "hinge"))
    assert runs.seeds == [5, 3]
    assert runs.samples.shape == (2, 20, 1)
    assert "v · hinge, 2 seeds" in capfd.readouterr().err
    monkeypatch.setenv("GANSTUDY_WORKERS", "1")
    train(params, "v", "hinge")
    assert files() == once
