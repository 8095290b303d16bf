"""Training by worker processes on this machine."""

from collections.abc import Iterator, Sequence
from functools import partial

from ganstudy.execution.environment import device, workers
from ganstudy.execution.shards import Progress
from ganstudy.execution.team import share_out
from ganstudy.execution.worker import Report, train_shard
from ganstudy.keeping import Keeper
from ganstudy.params import Cell
from ganstudy.runs import Runs
from ganstudy.sources import Prepared

__all__ = ["train", "workers"]


def train(
    cell: Cell, shards: list[list[int]], data: Prepared, progress: Progress, keepers: Sequence[Keeper]
) -> Iterator[Runs]:
    """Train the shards, each with its keeper. UserError if a worker process is killed."""
    work = partial(_train, cell, data, device())
    jobs = zip(shards, keepers, strict=True)
    yield from share_out(work, jobs, workers(), f"{cell.variant}, {cell.loss}", progress)


def _train(cell: Cell, data: Prepared, place: str, report: Report, seeds: list[int], keeper: Keeper) -> Runs:
    return train_shard(cell, seeds, data, place, report, keeper)
