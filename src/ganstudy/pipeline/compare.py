"""`ganstudy compare`: the cells side by side, and only those that params.yaml still names."""

import pandas as pd

from ganstudy.core.files import write_json
from ganstudy.evaluation.comparison import compare_losses
from ganstudy.pipeline.stale import remove_stale
from ganstudy.results import paths
from ganstudy.results.study_results import load_cells
from ganstudy.study.params import Params

COLUMNS = ("success_rate", "success_rate_low", "success_rate_high", "matched", "runs", "wasserstein")


def compare(params: Params) -> None:
    """Write reports/comparison.json and reports/leaderboard.csv."""
    remove_stale(params)
    results = load_cells(params)
    named = {(result.cell.variant, result.cell.loss): result for result in results}
    comparison = compare_losses(
        params,
        {name: result.summary for name, result in named.items()},
        {name: result.judged for name, result in named.items()},
    )
    write_json(paths.COMPARISON, comparison)
    rows = [
        {
            "cell": f"{cell['variant']} {cell['loss']}",
            "variant": cell["variant"],
            "loss": cell["loss"],
            "rank": comparison["variants"][cell["variant"]]["ranking"].index(cell["loss"]) + 1,
            **{column: cell.get(column) for column in COLUMNS},
        }
        for cell in comparison["cells"]
    ]
    table = pd.DataFrame(rows).sort_values(["variant", "rank"], kind="stable")
    table.to_csv(paths.LEADERBOARD, index=False, lineterminator="\n")
