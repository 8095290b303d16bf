"""All runs of a cell, wherever they are trained."""

from collections.abc import Sequence

from ganstudy.execution import local
from ganstudy.execution.checkpoints import Checkpoints
from ganstudy.execution.environment import workers
from ganstudy.execution.shards import Progress, split
from ganstudy.keeping import FORGETFUL
from ganstudy.params import Cell
from ganstudy.runs import Runs
from ganstudy.sources import Prepared


def run(
    cell: Cell,
    seeds: Sequence[int],
    data: Prepared,
    progress: Progress = lambda rounds, losses: None,
    checkpoints: Checkpoints | None = None,
) -> Runs:
    """Train the cell's runs, one for each seed, beginning where `checkpoints` left them.

    UserError if a worker is killed, or if there is no such device.
    """
    shards = split(seeds, workers())
    keepers = checkpoints.of(shards) if checkpoints else [FORGETFUL] * len(shards)
    return Runs.join(list(local.train(cell, shards, data, progress, keepers)), seeds)
