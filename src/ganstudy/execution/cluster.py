"""Ray: shards on the nodes of a cluster, which share no disk and may die.

A shard is a task that streams what it has to tell: reports, states to keep, and in the end its runs. The
sender keeps the states, as those of its own processes, and sends the newest along when a shard has to
begin again. What dies with a worker is its training since then.
"""

import os
import socket
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from logging import CRITICAL
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError

import ganstudy
from ganstudy.core import own
from ganstudy.core.errors import UserError
from ganstudy.core.versions import versions
from ganstudy.execution import checkpoints
from ganstudy.execution.environment import (
    device,
    ray_address,
    ray_gpus,
    ray_retries,
    seconds_between_checkpoints,
    workers,
)
from ganstudy.execution.process_pool import Progress
from ganstudy.sources.prepared import Prepared
from ganstudy.training.cell import Cell
from ganstudy.training.checkpointer import Checkpointer, State
from ganstudy.training.runs import Runs
from ganstudy.training.shard import TrainShard

CLUSTER_PATIENCE = 10.0
"""Seconds for a cluster to answer."""
ATTEMPTS = "RAY_gcs_server_port_wait_time_s"

Steps = tuple[int, dict[str, float]]
"""Done since the last, each replica's counted, and current losses."""
Message = Steps | State | Runs


@contextmanager
def connected() -> Iterator["Cluster"]:
    """The cluster at RAY_ADDRESS; where that is not set one of this machine alone, for as long as it is
    needed and with GANSTUDY_WORKERS processors. UserError if no cluster answers."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    address = ray_address()
    # Ray's own choice of a folder is the same for all users of a machine, and nobody empties it.
    with TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        try:
            if address is None:
                _connect(
                    "local",
                    num_cpus=workers(),
                    include_dashboard=False,
                    _node_ip_address="127.0.0.1",
                    _temp_dir=folder,
                )
            else:
                _find(address)
                # One attempt, of some 40 s. It would make twenty.
                os.environ[ATTEMPTS] = "1"
                _connect(address)
            yield Cluster()
        finally:
            os.environ.pop(ATTEMPTS, None)
            ray.shutdown()


def _find(address: str) -> None:
    """UserError if nobody answers there."""
    if address == "auto":
        return
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), CLUSTER_PATIENCE).close()
    except (OSError, ValueError) as error:
        raise UserError(f"RAY_ADDRESS: no cluster answers at '{address}' ({error})") from None


def _connect(address: str, **settings: Any) -> None:
    try:
        ray.init(
            address,
            runtime_env={"env_vars": ganstudy.ARITHMETIC},
            log_to_driver=False,
            logging_level=CRITICAL,
            **settings,
        )
    except (OSError, RuntimeError, ValueError, RayError) as error:
        # That it failed to connect is the first line; why, as with a missing token, the last of the cause.
        reason = " ".join(str(error).split()) if error.__cause__ is None else _lines(error.__cause__)[-1]
        raise UserError(f"RAY_ADDRESS: '{address}' cannot be used: {reason}") from None


class Cluster:
    """The engine that trains on a cluster's nodes."""

    def workers(self) -> int:
        """How many shards find a processor, and a share of a GPU where they need one. UserError if there
        is no such place."""
        there, share = ray.cluster_resources(), ray_gpus()
        places = int(there.get("CPU", 0))
        if share:
            places = min(places, int(there.get("GPU", 0)) * int(1 / share))
        if places < 1:
            missing = f"GPU for GANSTUDY_DEVICE '{device()}'" if share else "processor"
            raise UserError(f"RAY_ADDRESS: the cluster has no {missing}")
        return places

    def train(
        self,
        train_shard: TrainShard,
        cell: Cell,
        shards: list[list[int]],
        data: Prepared,
        progress: Progress,
        checkpointers: Sequence[Checkpointer],
    ) -> Iterator[Runs]:
        """Train the shards, each with its checkpointer; a shard that loses its worker or node begins again
        where it last saved. The arrays of what is yielded are in Ray's memory, and gone when it is left.

        UserError if a shard is lost more often than GANSTUDY_RAY_RETRIES, or if a node has other code.
        """
        task = ray.remote(_train).options(num_cpus=1, num_gpus=ray_gpus(), max_retries=0)
        # Once for all: each node fetches it when it first needs it.
        shared = ray.put(data)
        every, files = seconds_between_checkpoints(), own.files(cell)

        def begin(work: _Work) -> Any:
            return task.remote(
                train_shard, cell, work.seeds, shared, device(), work.state, every, _software(), files
            )

        works = [
            _Work(shard, checkpointer, checkpointer.load())
            for shard, checkpointer in zip(shards, checkpointers, strict=True)
        ]
        streams = {begin(work): work for work in works}
        while streams:
            (stream,), _ = ray.wait(list(streams))
            # It comes back last, so that no stream waits for another to dry up.
            work = streams.pop(stream)
            try:
                message: Message = ray.get(next(stream))
            except RayTaskError as error:
                raise error.cause from error
            except RayError as error:
                work.lose()
                if work.lost > ray_retries():
                    raise UserError(
                        f"{cell.variant}, {cell.loss}: a shard's worker or node was lost {work.lost} times "
                        f"(out of memory?): {_lines(error)[0]}; then `dvc repro` goes on from here"
                    ) from None
                streams[begin(work)] = work
            else:
                if isinstance(message, Runs):
                    yield message
                else:
                    work.hear(message, progress)
                    streams[stream] = work


@dataclass
class _Work:
    """A shard, and how far it has come."""

    seeds: list[int]
    checkpointer: Checkpointer
    state: State | None
    """The newest: where it would begin again."""
    lost: int = 0
    """Workers that died of it, or with their nodes."""
    steps: int = 0
    """Done by the worker that is at it, each replica's counted."""
    reported: int = 0
    """The most that any worker has done."""

    def hear(self, message: Steps | State, progress: Progress) -> None:
        """Keep a state; pass a report on, but for steps that are done again."""
        match message:
            case steps, losses:
                self.steps += steps
                if self.steps > self.reported:
                    progress(self.steps - self.reported, losses)
                    self.reported = self.steps
            case state:
                self.checkpointer.save(state)
                self.state = state

    def lose(self) -> None:
        """Its worker is gone."""
        self.lost += 1
        self.steps = 0


def _train(
    train_shard: TrainShard,
    cell: Cell,
    seeds: list[int],
    data: Prepared,
    device: str,
    begun: State | None,
    every: float,
    expected: dict[str, str],
    files: dict[str, bytes],
) -> Iterator[Message]:
    """The task: trains in a thread, and streams what it hears from there."""
    _compare(expected)
    own.receive(files)
    messages: SimpleQueue[Message | None] = SimpleQueue()

    def report(steps: int, losses: dict[str, float]) -> None:
        messages.put((steps, losses))

    with ThreadPoolExecutor(1) as thread:
        runs = thread.submit(train_shard, cell, seeds, data, device, report, _Sender(begun, every, messages))
        runs.add_done_callback(lambda runs: messages.put(None))
        while (heard := messages.get()) is not None:
            yield heard
        yield runs.result()


class _Sender:
    """A `checkpointer.Checkpointer` that sends states to where they are kept."""

    def __init__(self, begun: State | None, every: float, messages: SimpleQueue[Any]) -> None:
        self._begun, self._every, self._messages = begun, every, messages
        self._sent = monotonic()

    @property
    def is_due(self) -> bool:
        """After so many seconds."""
        return monotonic() - self._sent > self._every

    def load(self) -> State | None:
        """The state that came with the task."""
        return self._begun

    def save(self, state: State) -> None:
        """Send a copy: training goes on in the arrays themselves."""
        self._messages.put({name: value.copy() for name, value in state.items()})
        self._sent = monotonic()


def _software() -> dict[str, str]:
    """What the bits of a run follow from, besides its settings."""
    return {"ganstudy": checkpoints.package_digest()[:12], **versions()}


def _compare(expected: dict[str, str]) -> None:
    """UserError if this node has other software than the sender."""
    found = _software()
    other = [
        f"{name} {found[name]} instead of {there}" for name, there in expected.items() if found[name] != there
    ]
    if other:
        node = ray.util.get_node_ip_address()
        raise UserError(f"Ray's node {node} has {', '.join(other)}; install the same there")


def _lines(error: BaseException) -> list[str]:
    return str(error).strip().splitlines() or [type(error).__name__]
