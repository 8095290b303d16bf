"""`ganstudy train VARIANT LOSS`: all runs of a cell."""

from typing import TYPE_CHECKING

from ganstudy.core.console import progress_bar
from ganstudy.execution.cell import run
from ganstudy.execution.checkpoints import Checkpoints
from ganstudy.results import paths
from ganstudy.results.run_files import save_runs
from ganstudy.sources.prepared import Prepared
from ganstudy.training.shard import train_shard

if TYPE_CHECKING:
    from ganstudy.study.params import Params


def train(params: "Params", variant: str, loss: str) -> None:
    """Write data/runs/VARIANT/LOSS."""
    cell = params.cell(variant, loss)
    data = Prepared.load(paths.prepared(variant))
    title = f"{variant} · {loss}, {len(params.seeds)} seeds"
    with Checkpoints(paths.checkpoints(variant, loss), cell, data) as checkpoints:
        with progress_bar(title, cell.recipe.steps * len(params.seeds)) as progress:
            runs = run(train_shard, cell, params.seeds, data, progress, checkpoints)
        save_runs(runs, paths.runs(variant, loss))
