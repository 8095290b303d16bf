"""`ganstudy train VARIANT LOSS`: all runs of a cell."""

from ganstudy import layout
from ganstudy.console import training_progress
from ganstudy.execution import Checkpoints, run
from ganstudy.params import Params
from ganstudy.sources import Prepared


def train(params: Params, variant: str, loss: str) -> None:
    """Write data/runs/VARIANT/LOSS."""
    cell = params.cell(variant, loss)
    data = Prepared.load(layout.prepared(variant))
    with Checkpoints(layout.checkpoints(variant, loss), cell, data) as checkpoints:
        with training_progress(cell, len(params.seeds)) as progress:
            runs = run(cell, params.seeds, data, progress, checkpoints)
        runs.save(layout.runs(variant, loss))
