"""All runs of a cell, wherever they are trained."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from typing import Protocol

from ganstudy.execution import local
from ganstudy.execution.checkpoints import Checkpoints
from ganstudy.execution.environment import engine, lanes
from ganstudy.execution.shards import Progress, split
from ganstudy.keeping import FORGETFUL, Keeper
from ganstudy.params import Cell, UserError
from ganstudy.runs import Runs
from ganstudy.sources import Prepared


class Engine(Protocol):
    """What shares the work out. Whichever it is, runs have the same bits."""

    def workers(self) -> int:
        """How many shards it trains at once."""

    def train(
        self,
        cell: Cell,
        shards: list[list[int]],
        data: Prepared,
        progress: Progress,
        keepers: Sequence[Keeper],
    ) -> Iterator[Runs]:
        """Train the shards, each with its keeper; yield them as they finish. UserError if workers are killed,
        or if there is no such device."""


def run(
    cell: Cell,
    seeds: Sequence[int],
    data: Prepared,
    progress: Progress = lambda rounds, losses: None,
    checkpoints: Checkpoints | None = None,
) -> Runs:
    """Train the cell's runs, one for each seed, beginning where `checkpoints` left them.

    UserError if the environment names no engine, device or cluster that is there, or if workers are killed.
    """
    with _engine() as started:
        shards = split(seeds, started.workers(), lanes())
        keepers: Sequence[Keeper] = [FORGETFUL] * len(shards)
        if checkpoints:
            shards, keepers = checkpoints.begin(shards)
        return Runs.join(list(started.train(cell, shards, data, progress, keepers)), seeds)


def _engine() -> AbstractContextManager[Engine]:
    if engine() == "local":
        return nullcontext(local)
    if find_spec("ray") is None:
        raise UserError("GANSTUDY_ENGINE: ray is not installed; pip install 'ganstudy[ray]'")
    from ganstudy.execution.cluster import connected

    return connected()
