"""`ganstudy compare`: the cells side by side, and only those that params.yaml still names."""

import shutil
from pathlib import Path

import pandas as pd

from ganstudy import layout
from ganstudy.evaluation import compare as compare_cells
from ganstudy.params import Params
from ganstudy.results import load_cells, write_json

COLUMNS = ("success_rate", "success_rate_low", "success_rate_high", "matched", "runs", "wasserstein")


def compare(params: Params) -> None:
    """Write reports/comparison.json and reports/leaderboard.csv."""
    remove_stale(params)
    results = load_cells(params)
    named = {(result.cell.variant, result.cell.loss): result for result in results}
    comparison = compare_cells(
        params,
        {name: result.summary for name, result in named.items()},
        {name: result.judged for name, result in named.items()},
    )
    write_json(layout.COMPARISON, comparison)
    ranks = {
        (variant, loss): rank
        for variant, losses in comparison["ranking"].items()
        for rank, loss in enumerate(losses, 1)
    }
    rows = [
        {
            "cell": f"{cell['variant']} {cell['loss']}",
            "variant": cell["variant"],
            "loss": cell["loss"],
            "rank": ranks[cell["variant"], cell["loss"]],
            **{column: cell.get(column) for column in COLUMNS},
        }
        for cell in comparison["cells"]
    ]
    table = pd.DataFrame(rows).sort_values(["variant", "rank"], kind="stable")
    table.to_csv(layout.LEADERBOARD, index=False, lineterminator="\n")


def remove_stale(params: Params) -> None:
    """Remove what is left of cells that params.yaml no longer names, so that a folder's hash, and with it
    dvc.lock, is what a fresh clone would get."""
    for home in (layout.RUNS, layout.JUDGED, layout.METRICS):
        for variant in _children(home):
            for cell in _children(variant):
                if variant.name not in params.variants or cell.stem not in params.losses:
                    _remove(cell)
            if not _children(variant):
                variant.rmdir()
    for variant in _children(layout.PREPARED):
        if variant.name not in params.variants:
            _remove(variant)


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
