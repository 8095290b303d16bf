"""A study's folder, as a user has one."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ganstudy.pipeline.classify import classify
from ganstudy.pipeline.evaluate import evaluate
from ganstudy.pipeline.floors import floors
from ganstudy.pipeline.prepare import prepare
from ganstudy.results import paths
from ganstudy.results.run_files import save_runs
from ganstudy.study.loading import load
from ganstudy.study.params import Params
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs

Files = dict[str, bytes]


@pytest.fixture
def files(tmp_path: Path) -> Callable[[], Files]:
    """`files()`: every file of the folder now, with its contents."""
    return lambda: {
        str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }


@pytest.fixture
def study(
    make_study: Callable[..., dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Params]:
    """`study(variants={…: recipe}, losses=[…])`: write params.yaml into the folder we are in."""
    monkeypatch.chdir(tmp_path)

    def write(variants: dict[str, dict[str, Any]], losses: Sequence[str]) -> Params:
        content = make_study("mse")
        content["variants"] = {
            name: make_study("mse", **recipe)["variants"]["v"] for name, recipe in variants.items()
        }
        content["losses"] = {loss: {} for loss in losses}
        content["study"]["seeds"] = [5, 3]
        # Fresh discriminators take most of the time.
        content.setdefault("evaluation", {})["two_sample_test"] = {"hidden": [4], "passes": 1}
        (tmp_path / "params.yaml").write_text(json.dumps(content))
        return load()

    return write


@pytest.fixture
def finish(
    train_cell: Callable[[Cell, Sequence[int]], Runs], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Params], None]:
    """`finish(params)`: everything before the comparison, without worker processes."""
    monkeypatch.setenv("GANSTUDY_WORKERS", "1")

    def finished(params: Params) -> None:
        for variant in params.variants:
            prepare(params, variant)
            classify(params, variant)
            floors(params, variant)
        for cell in params.cells:
            save_runs(train_cell(cell, params.seeds), paths.runs(cell.variant, cell.loss))
            evaluate(params, cell.variant, cell.loss)

    return finished
