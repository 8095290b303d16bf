"""Worker processes of one thread each on this machine: an engine, as `run.Engine` says."""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.queues import Queue
from queue import Empty
from threading import Event, Thread
from typing import Any

from ganstudy.execution.environment import device, workers
from ganstudy.execution.shards import Progress
from ganstudy.execution.worker import train_shard
from ganstudy.keeping import Keeper
from ganstudy.params import Cell, UserError
from ganstudy.runs import Runs
from ganstudy.sources import Prepared

__all__ = ["train", "workers"]


def train(
    cell: Cell, shards: list[list[int]], data: Prepared, progress: Progress, keepers: Sequence[Keeper]
) -> Iterator[Runs]:
    """Train the shards, each with its keeper. UserError if a worker process is killed."""
    context = multiprocessing.get_context("spawn")
    reports: Queue[Any] = context.Queue()
    finished = Event()
    listener = Thread(target=_listen, args=(reports, progress, finished), daemon=True)
    listener.start()
    try:
        with ProcessPoolExecutor(
            min(workers(), len(shards)), context, initializer=_connect, initargs=(reports,)
        ) as pool:
            with _uninterrupted():
                futures = [
                    pool.submit(_train, cell, shard, data, device(), keeper)
                    for shard, keeper in zip(shards, keepers, strict=True)
                ]
            try:
                for future in as_completed(futures):
                    yield future.result()
            except BaseException:
                # The pool would wait for what its workers have begun.
                for worker in multiprocessing.active_children():
                    worker.kill()
                raise
    except BrokenProcessPool:
        raise UserError(
            f"{cell.variant}, {cell.loss}: a worker process was killed (out of memory?); "
            "try fewer with GANSTUDY_WORKERS, then `dvc repro` again"
        ) from None
    finally:
        finished.set()
        listener.join()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that are started meanwhile never meet a Ctrl-C: it reaches us too, and we answer for them.
    One of ours is answered afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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


def _train(cell: Cell, seeds: list[int], data: Prepared, device: str, keeper: Keeper) -> Runs:
    def report(rounds: int, losses: dict[str, float]) -> None:
        assert _reports is not None
        _reports.put((rounds, losses))

    return train_shard(cell, seeds, data, device, report, keeper)
