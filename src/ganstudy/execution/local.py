"""Worker processes of one thread each on this machine."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.queues import Queue
from queue import Empty
from threading import Event, Thread
from typing import Any

from ganstudy.execution.environment import device, workers
from ganstudy.params import Cell, UserError
from ganstudy.runs import Runs
from ganstudy.sources import Prepared, make_source

LANES = 8
"""Lanes in a shard. Constant, so that a seed has the same company, and so the same bits, on any number of
processors."""

Progress = Callable[[int, dict[str, float]], None]
"""Told how many rounds were played since the last call, all shards together, and current losses."""


def run(
    cell: Cell, seeds: Sequence[int], data: Prepared, progress: Progress = lambda rounds, losses: None
) -> Runs:
    """Train the cell's runs. UserError if a worker process is killed."""
    shards = split(seeds)
    context = multiprocessing.get_context("spawn")
    reports: Queue[Any] = context.Queue()
    finished = Event()
    listener = Thread(target=_listen, args=(reports, progress, finished), daemon=True)
    listener.start()
    try:
        with ProcessPoolExecutor(
            min(workers(), len(shards)), context, initializer=_connect, initargs=(reports,)
        ) as pool:
            futures = [pool.submit(_train, cell, shard, data, device()) for shard in shards]
            parts = [future.result() for future in as_completed(futures)]
    except BrokenProcessPool:
        raise UserError(
            f"{cell.variant}, {cell.loss}: a worker process was killed (out of memory?); "
            "try fewer with GANSTUDY_WORKERS, then `dvc repro` again"
        ) from None
    finally:
        finished.set()
        listener.join()
    return Runs.join(parts, seeds)


def split(seeds: Sequence[int]) -> list[list[int]]:
    """The seeds in shards of `LANES`, in order."""
    return [list(seeds[i : i + LANES]) for i in range(0, len(seeds), LANES)]


def _listen(reports: "Queue[Any]", progress: Progress, finished: Event) -> None:
    # The end is not a report of its own: a worker killed while sending keeps the queue locked for every other
    # sender, us included, for ever.
    while not (finished.is_set() and reports.empty()):
        with suppress(Empty):
            progress(*reports.get(timeout=0.1))


_reports: "Queue[Any] | None" = None


def _connect(reports: "Queue[Any]") -> None:
    """In a worker: remember where to report (a queue reaches a worker only when it starts), and end when the
    parent does, however it ends."""
    global _reports
    _reports = reports
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _train(cell: Cell, seeds: list[int], data: Prepared, device: str) -> Runs:
    # Here and not above: the parent then starts without torch, a second and more.
    from ganstudy.training import train

    done = 0

    def report(rounds: int, losses: dict[str, float]) -> None:
        nonlocal done
        assert _reports is not None
        _reports.put((rounds - done, losses))
        done = rounds

    return train(cell, seeds, data, data.stream(make_source(cell.recipe.source)), device, report)
