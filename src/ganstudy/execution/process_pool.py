"""Worker processes of one thread each on this machine.

Each worker has a pipe of its own, which breaks when it dies, whatever it was doing: nobody waits for a lock
or half a message of the dead, as users of a common queue do.
"""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Thread
from typing import Any, NamedTuple

from ganstudy.core import own
from ganstudy.core.errors import UserError
from ganstudy.execution.environment import workers

Worker = Callable[..., Any]
"""`work(report, *job)`: what a worker does of each job. It may tell `report` how far it is."""
Progress = Callable[[int, dict[str, float]], None]
"""Told how many steps were done since the last call, each replica's counted, and current losses."""


def split_seeds(seeds: Sequence[int], workers: int, most: int) -> list[list[int]]:
    """The seeds in shards of at most `most`, in order: alike in size, so that workers end together, and as
    few as can be."""
    turns = -(-len(seeds) // (workers * most))
    shards = min(len(seeds), turns * workers)
    bounds = [len(seeds) * i // shards for i in range(shards + 1)]
    return [list(seeds[begin:end]) for begin, end in pairwise(bounds)]


class Done(NamedTuple):
    """A worker's last word on a job."""

    result: Any


def pool_map(
    work: Worker,
    jobs: Iterable[tuple[Any, ...]],
    most: int,
    whose: str,
    progress: Progress = lambda steps, losses: None,
) -> Iterator[Any]:
    """Have at most so many workers do the jobs, and yield results as they come.

    UserError, which says `whose` work it was, if a worker process is killed. Errors in a worker come home.
    """
    todo = iter(jobs)
    pool: dict[Connection, SpawnProcess] = {}
    try:
        with _uninterrupted():
            while len(pool) < most and (job := next(todo, None)) is not None:
                connection, worker = _start()
                pool[connection] = worker
                connection.send(work)
                connection.send(job)
        while pool:
            for heard in wait(list(pool)):
                assert isinstance(heard, Connection)
                match heard.recv():
                    case Done(result):
                        yield result
                        if (job := next(todo, None)) is None:
                            _end(pool.pop(heard))
                        else:
                            heard.send(job)
                    case BaseException() as error:
                        raise error
                    case steps, losses:
                        progress(steps, losses)
    except (EOFError, ConnectionError):
        raise UserError(
            f"{whose}: a worker process was killed (out of memory?); "
            "try fewer with GANSTUDY_WORKERS, then `dvc repro` again"
        ) from None
    finally:
        for worker in pool.values():
            _end(worker)


def pool_gather(work: Worker, jobs: Sequence[tuple[Any, ...]], whose: str) -> list[Any]:
    """All results, in whatever order. A single job is done here: it has nobody to share with, and a process
    takes seconds to start. UserError as `pool_map`."""
    if len(jobs) == 1:
        return [work(lambda *said: None, *jobs[0])]
    return list(pool_map(work, jobs, workers(), whose))


def _start() -> tuple[Connection, SpawnProcess]:
    """A worker, and our end of its pipe."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=_work, args=(theirs,), daemon=True)
    worker.start()
    # The only one then is the worker's, so that the pipe breaks with it.
    theirs.close()
    return ours, worker


def _end(worker: SpawnProcess) -> None:
    # All that it made is here; its own end would take half a second.
    worker.kill()
    worker.join()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that are started meanwhile never meet a Ctrl-C: it reaches us too, and we answer for them.
    One of ours is answered afterwards."""
    # The first worker would start it, which lets Ctrl-C through again (until Python 3.12).
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection) -> None:
    """In a worker: do job after job, and end when the parent does, however it ends."""
    Thread(target=_end_with_parent, daemon=True).start()
    work = connection.recv()

    def report(steps: int, losses: dict[str, float]) -> None:
        connection.send((steps, losses))

    while True:
        job = connection.recv()
        try:
            connection.send(Done(work(report, *job)))
        except Exception as error:
            if (said := own.user_message(error)) is not None:
                error = UserError(said)
            else:
                error.add_note(f"In a worker:\n{traceback.format_exc()}")
            connection.send(error)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
