"""Training by worker processes on this machine."""

from collections.abc import Iterator, Sequence
from functools import partial

from ganstudy.execution.environment import device, workers
from ganstudy.execution.process_pool import pool_map
from ganstudy.execution.shards import Progress
from ganstudy.sources.prepared import Prepared
from ganstudy.training.cell import Cell
from ganstudy.training.checkpointer import Checkpointer
from ganstudy.training.runs import Runs
from ganstudy.training.shard import Report, TrainShard

__all__ = ["train", "workers"]


def train(
    train_shard: TrainShard,
    cell: Cell,
    shards: list[list[int]],
    data: Prepared,
    progress: Progress,
    checkpointers: Sequence[Checkpointer],
) -> Iterator[Runs]:
    """Train the shards, each with its checkpointer. UserError if a worker process is killed."""
    work = partial(_train, train_shard, cell, data, device())
    jobs = zip(shards, checkpointers, strict=True)
    yield from pool_map(work, jobs, workers(), f"{cell.variant}, {cell.loss}", progress)


def _train(
    train_shard: TrainShard,
    cell: Cell,
    data: Prepared,
    place: str,
    report: Report,
    seeds: list[int],
    checkpointer: Checkpointer,
) -> Runs:
    return train_shard(cell, seeds, data, place, report, checkpointer)
