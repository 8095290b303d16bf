"""All runs of a cell, wherever they are trained."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ganstudy.core.errors import UserError
from ganstudy.execution.checkpoints import Checkpoints
from ganstudy.execution.environment import device, engine, replicas, workers
from ganstudy.execution.process_pool import Progress, pool_map, split_seeds
from ganstudy.sources.prepared import Prepared
from ganstudy.training.cell import Cell
from ganstudy.training.checkpointer import NULL_CHECKPOINTER, Checkpointer
from ganstudy.training.runs import Runs
from ganstudy.training.shard import Report, TrainShard

if TYPE_CHECKING:
    from ganstudy.execution.cluster import Cluster


def run(
    train_shard: TrainShard,
    cell: Cell,
    seeds: Sequence[int],
    data: Prepared,
    progress: Progress = lambda steps, losses: None,
    checkpoints: Checkpoints | None = None,
) -> Runs:
    """Train the cell's runs, one for each seed, by `train_shard`, beginning where `checkpoints` left them.

    UserError if the environment names no engine, device or cluster that is there, or if workers are killed.
    """
    with _engine() as started:
        shards = split_seeds(seeds, started.workers(), replicas())
        checkpointers: Sequence[Checkpointer] = [NULL_CHECKPOINTER] * len(shards)
        if checkpoints:
            shards, checkpointers = checkpoints.begin(shards)
        return Runs.join(list(started.train(train_shard, cell, shards, data, progress, checkpointers)), seeds)


def _engine() -> "AbstractContextManager[Local | Cluster]":
    """What shares the work out. Whichever it is, runs have the same bits."""
    if engine() == "local":
        return nullcontext(Local())
    if find_spec("ray") is None:
        raise UserError("GANSTUDY_ENGINE: ray is not installed; pip install 'ganstudy[ray]'")
    from ganstudy.execution.cluster import connected

    return connected()


class Local:
    """The engine that trains by worker processes on this machine."""

    def workers(self) -> int:
        """How many shards it trains at once."""
        return workers()

    def train(
        self,
        train_shard: TrainShard,
        cell: Cell,
        shards: list[list[int]],
        data: Prepared,
        progress: Progress,
        checkpointers: Sequence[Checkpointer],
    ) -> Iterator[Runs]:
        """Train the shards, each with its checkpointer; yield them as they finish. UserError if a worker
        process is killed, or if there is no such device."""
        work = partial(_train, train_shard, cell, data, device())
        jobs = zip(shards, checkpointers, strict=True)
        return pool_map(work, jobs, workers(), f"{cell.variant}, {cell.loss}", progress)


def _train(
    train_shard: TrainShard,
    cell: Cell,
    data: Prepared,
    device: str,
    report: Report,
    seeds: list[int],
    checkpointer: Checkpointer,
) -> Runs:
    """In a worker process."""
    return train_shard(cell, seeds, data, device, report, checkpointer)
