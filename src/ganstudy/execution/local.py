"""Worker processes of one thread each on this machine.

Each worker has a pipe of its own, which breaks when it dies, whatever it was doing: nobody waits for a lock
or half a message of the dead, as users of a common queue do.
"""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Thread

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
    todo = iter(zip(shards, keepers, strict=True))
    team: dict[Connection, SpawnProcess] = {}
    try:
        with _uninterrupted():
            for _ in range(min(workers(), len(shards))):
                connection, worker = _start()
                team[connection] = worker
                connection.send((cell, data, device()))
                connection.send(next(todo))
        while team:
            for heard in wait(list(team)):
                assert isinstance(heard, Connection)
                match heard.recv():
                    case Runs() as runs:
                        yield runs
                        if (work := next(todo, None)) is None:
                            _end(team.pop(heard))
                        else:
                            heard.send(work)
                    case BaseException() as error:
                        raise error
                    case rounds, losses:
                        progress(rounds, losses)
    except (EOFError, ConnectionError):
        raise UserError(
            f"{cell.variant}, {cell.loss}: a worker process was killed (out of memory?); "
            "try fewer with GANSTUDY_WORKERS, then `dvc repro` again"
        ) from None
    finally:
        for worker in team.values():
            _end(worker)


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
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection) -> None:
    """In a worker: train shard after shard, and end when the parent does, however it ends."""
    Thread(target=_end_with_parent, daemon=True).start()
    cell, data, place = connection.recv()

    def report(rounds: int, losses: dict[str, float]) -> None:
        connection.send((rounds, losses))

    while True:
        seeds, keeper = connection.recv()
        try:
            connection.send(train_shard(cell, seeds, data, place, report, keeper))
        except Exception as error:
            if not isinstance(error, UserError):
                error.add_note(f"In a worker:\n{traceback.format_exc()}")
            connection.send(error)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
