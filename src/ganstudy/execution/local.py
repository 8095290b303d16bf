"""Worker processes of one thread each on this machine."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import pairwise
from multiprocessing.queues import Queue
from queue import Empty
from threading import Event, Thread
from typing import Any

from ganstudy.execution.environment import device, workers
from ganstudy.params import Cell, UserError
from ganstudy.runs import Runs
from ganstudy.sources import Prepared, make_source

MOST_LANES = 64
"""In a shard: beyond it lanes gain nothing from company, and only need memory."""

Progress = Callable[[int, dict[str, float]], None]
"""Told how many rounds were played since the last call, all shards together, and current losses."""


def run(
    cell: Cell, seeds: Sequence[int], data: Prepared, progress: Progress = lambda rounds, losses: None
) -> Runs:
    """Train the cell's runs. UserError if a worker process is killed."""
    count = workers()
    shards = split(seeds, count)
    context = multiprocessing.get_context("spawn")
    reports: Queue[Any] = context.Queue()
    finished = Event()
    listener = Thread(target=_listen, args=(reports, progress, finished), daemon=True)
    listener.start()
    try:
        with ProcessPoolExecutor(
            min(count, len(shards)), context, initializer=_connect, initargs=(reports,)
        ) as pool:
            with _uninterrupted():
                futures = [pool.submit(_train, cell, shard, data, device()) for shard in shards]
            try:
                parts = [future.result() for future in as_completed(futures)]
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
    return Runs.join(parts, seeds)


def split(seeds: Sequence[int], workers: int) -> list[list[int]]:
    """The seeds in shards, in order: alike in size, so that workers end together, and as few as can be."""
    rounds = -(-len(seeds) // (workers * MOST_LANES))
    shards = min(len(seeds), rounds * workers)
    bounds = [len(seeds) * i // shards for i in range(shards + 1)]
    return [list(seeds[begin:end]) for begin, end in pairwise(bounds)]


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


def _train(cell: Cell, seeds: list[int], data: Prepared, device: str) -> Runs:
    # Here and not above: the parent then starts without torch, a second and more.
    import torch

    from ganstudy.training import train

    try:
        torch.empty(0, device=device)
    except (AssertionError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"GANSTUDY_DEVICE: '{device}' cannot be used ({reason}); try cpu or cuda") from None
    done = 0

    def report(rounds: int, losses: dict[str, float]) -> None:
        nonlocal done
        assert _reports is not None
        _reports.put((rounds - done, losses))
        done = rounds

    return train(cell, seeds, data, data.stream(make_source(cell.recipe.source)), device, report)
