"""Ray: a cluster of two nodes gives the bits that this machine gives, also when parts of it are killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

import numpy as np
import psutil
import pytest

from ganstudy import ARITHMETIC
from ganstudy.core.errors import UserError
from ganstudy.execution import cell as execution
from ganstudy.execution import checkpoints
from ganstudy.execution.checkpoints import Checkpoints
from ganstudy.results.run_files import load_runs
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.cell import Cell
from ganstudy.training.checkpointer import NULL_CHECKPOINTER, State
from ganstudy.training.runs import Runs
from ganstudy.training.shard import train_shard
from same_bits import assert_same_bits

pytestmark = pytest.mark.slow

SEEDS = [12, 3, 40, 7, 0]
STEPS = 12_000
RECIPE = {"steps": STEPS, "points": 100, "discriminator_pretest": 2}
ENDLESS = {"steps": 10_000_000, "points": 100_000}
"""Hours of training."""
PATIENCE = 300
"""Seconds, on a busy machine, for what takes a few."""


def add_node(cluster: Any, folder: str, address: str) -> Any:
    """One with a processor, on the loopback. What it knows of the arithmetic is what it is told later."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_TMPDIR", folder)
        for name in ARITHMETIC:
            environment.delenv(name)
        return cluster.add_node(num_cpus=1, node_ip_address=address, include_dashboard=False)


@pytest.fixture(scope="module")
def folder() -> Iterator[str]:
    """Pytest's have names too long for a socket in them."""
    with TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        yield folder


@pytest.fixture(scope="module")
def cluster(folder: str) -> Iterator[Any]:
    """One node."""
    from ray.cluster_utils import Cluster

    cluster = Cluster()
    add_node(cluster, folder, "127.0.0.2")
    yield cluster
    cluster.shutdown()


@pytest.fixture
def second(cluster: Any, folder: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The second node of the cluster, which is now the one that trains."""
    monkeypatch.setenv("GANSTUDY_ENGINE", "ray")
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)
    node = add_node(cluster, folder, "127.0.0.3")
    # One that was killed before counts for some seconds more.
    cluster.wait_for_nodes()
    yield node
    if node in cluster.worker_nodes:
        cluster.remove_node(node)


@pytest.fixture(scope="module")
def cell(make_cell: Callable[..., Cell]) -> Cell:
    return make_cell(**RECIPE)


@pytest.fixture(scope="module")
def data(cell: Cell) -> Prepared:
    return Prepared.of(make_source(cell.recipe.source))


@pytest.fixture(scope="module")
def expected(cell: Cell, data: Prepared) -> Runs:
    """What this machine alone makes of it."""
    return execution.run(train_shard, cell, SEEDS, data)


def trainers() -> list[psutil.Process]:
    """The processes that train a shard now, youngest last."""
    found = psutil.Process().children(recursive=True)
    return sorted((p for p in found if p.name() == "ray::_train"), key=psutil.Process.create_time)


class Notebook:
    """A `checkpointer.Checkpointer`: notes at which step states were saved, and tells somebody."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self.steps: list[int] = []
        self.tell = tell

    is_due = False
    """It is the worker that knows."""

    def load(self) -> State | None:
        return None

    def save(self, state: State) -> None:
        self.steps.append(int(state.get("gan.step", np.array([0]))[0]))
        self.tell()


@pytest.fixture
def train(cell: Cell, data: Prepared, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Runs, int]]:
    """`train(kept)`: the cell on the cluster with these checkpointers of its shards, saving often; and how
    many steps were told of."""
    monkeypatch.setenv("GANSTUDY_CHECKPOINT_SECONDS", "0.02")

    class Kept(Checkpoints):
        def __init__(self, kept: list[Notebook]) -> None:
            self.kept = kept

        def begin(self, wanted: list[list[int]]) -> Any:
            assert len(wanted) == len(self.kept)
            return wanted, self.kept

    def trained(kept: list[Notebook]) -> tuple[Runs, int]:
        told: list[int] = []
        runs = execution.run(
            train_shard, cell, SEEDS, data, lambda steps, losses: told.append(steps), Kept(kept)
        )
        return runs, sum(told)

    return trained


@pytest.mark.usefixtures("second")
def test_two_nodes_with_the_same_arithmetic_give_the_same_bits_and_tell_of_every_step(
    train: Callable[..., tuple[Runs, int]], expected: Runs
) -> None:
    environments: list[dict[str, str]] = []

    def look() -> None:
        environments.extend(trainer.environ() for trainer in trainers() if len(environments) < 2)

    runs, told = train([Notebook(look), Notebook(look)])
    assert_same_bits(runs, expected)
    assert told == STEPS * len(SEEDS)
    assert environments
    # From the start, not only from when ganstudy is imported.
    assert all(environment.items() >= ARITHMETIC.items() for environment in environments)


class Murder:
    """Happens once, when every shard has been training for a while."""

    def __init__(self, murder: Callable[[], None]) -> None:
        self.murder = murder
        self.kept = [Notebook(self), Notebook(self)]
        self.at: list[int] | None = None
        """How many states each shard had saved by then."""

    def __call__(self) -> None:
        if self.at is None and all(len(kept.steps) > 5 for kept in self.kept):
            assert max(kept.steps[-1] for kept in self.kept) < STEPS
            self.at = [len(kept.steps) for kept in self.kept]
            self.murder()

    def assert_nothing_was_begun_anew(self) -> None:
        assert self.at is not None
        for kept, then in zip(self.kept, self.at, strict=True):
            assert kept.steps == sorted(kept.steps)
            assert len(kept.steps) > then
            assert kept.steps[-1] == STEPS


@pytest.mark.usefixtures("second")
def test_shards_whose_workers_are_killed_go_on_where_they_last_saved(
    train: Callable[..., tuple[Runs, int]], expected: Runs
) -> None:
    def murder() -> None:
        for trainer in trainers()[:2]:
            trainer.kill()

    killed = Murder(murder)
    runs, told = train(killed.kept)
    assert_same_bits(runs, expected)
    assert told == STEPS * len(SEEDS)
    killed.assert_nothing_was_begun_anew()


def test_a_shard_whose_node_is_killed_goes_on_at_another(
    train: Callable[..., tuple[Runs, int]], expected: Runs, cluster: Any, second: Any
) -> None:
    killed = Murder(lambda: cluster.remove_node(second, allow_graceful=False))
    runs, told = train(killed.kept)
    assert_same_bits(runs, expected)
    assert told == STEPS * len(SEEDS)
    killed.assert_nothing_was_begun_anew()


@pytest.mark.usefixtures("second")
def test_too_many_losses_end_with_a_line_and_the_next_attempt_goes_on_from_there(
    cell: Cell, data: Prepared, expected: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSTUDY_CHECKPOINT_SECONDS", "0.02")
    monkeypatch.setenv("GANSTUDY_RAY_RETRIES", "1")
    told: list[int] = []

    def kill_at_half_time(steps: int, losses: dict[str, float]) -> None:
        told.append(steps)
        if sum(told) > STEPS * len(SEEDS) // 2:
            for trainer in trainers():
                trainer.kill()

    kept = Checkpoints(tmp_path / "kept", cell, data)
    with pytest.raises(UserError) as stopped, kept:
        execution.run(train_shard, cell, SEEDS, data, kill_at_half_time, kept)
    assert str(stopped.value).startswith("v, l: a shard's worker or node was lost 2 times (out of memory?)")
    assert len(str(stopped.value).splitlines()) == 1

    told.clear()
    with kept:
        runs = execution.run(train_shard, cell, SEEDS, data, lambda steps, losses: told.append(steps), kept)
    assert_same_bits(runs, expected)
    assert sum(told) == STEPS * len(SEEDS)
    # Of what was played before, it is told at once.
    assert max(told) > STEPS // 2


@pytest.mark.usefixtures("second")
def test_shards_are_yielded_as_they_finish(cell: Cell, data: Prepared) -> None:
    from ganstudy.execution.cluster import connected

    told: list[int] = []
    shards = [[seed] for seed in range(5)]
    with connected() as engine:
        assert engine.workers() == 2
        checkpointers = [NULL_CHECKPOINTER] * len(shards)
        finished = engine.train(
            train_shard, cell, shards, data, lambda steps, losses: told.append(steps), checkpointers
        )
        assert len(next(finished).seeds) == 1
        assert STEPS <= sum(told) < STEPS * len(shards)


@pytest.mark.usefixtures("second")
@pytest.mark.parametrize(
    ("setting", "wrong"),
    [
        (
            ("GANSTUDY_DEVICE", "toaster"),
            r"GANSTUDY_DEVICE: 'toaster' cannot be used \(.+\); try cpu or cuda",
        ),
        (("GANSTUDY_DEVICE", "cuda"), "RAY_ADDRESS: the cluster has no GPU for GANSTUDY_DEVICE 'cuda'"),
        (("RAY_ADDRESS", "127.0.0.1:1"), r"RAY_ADDRESS: no cluster answers at '127.0.0.1:1' \(.+\)"),
        (("RAY_ADDRESS", "nowhere"), r"RAY_ADDRESS: no cluster answers at 'nowhere' \(.+\)"),
    ],
)
def test_what_cannot_be_used_is_named_in_a_line(
    setting: tuple[str, str], wrong: str, cell: Cell, data: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*setting)
    with pytest.raises(UserError, match=f"^{wrong}$"):
        execution.run(train_shard, cell, SEEDS, data)


@pytest.mark.parametrize(
    ("device", "share", "places"), [("cpu", "1", 8), ("cuda", "1", 2), ("cuda", "0.3", 6), ("cuda", "0.1", 8)]
)
def test_as_many_shards_train_at_once_as_find_a_processor_and_their_share_of_a_gpu(
    device: str, share: str, places: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ganstudy.execution.cluster import Cluster

    monkeypatch.setattr("ray.cluster_resources", lambda: {"CPU": 8.0, "GPU": 2.0, "memory": 1e9})
    monkeypatch.setenv("GANSTUDY_DEVICE", device)
    monkeypatch.setenv("GANSTUDY_RAY_GPUS", share)
    assert Cluster().workers() == places


@pytest.mark.usefixtures("second")
def test_a_node_with_other_code_is_refused(
    cell: Cell, data: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = checkpoints.package_digest()[:12]
    monkeypatch.setattr(checkpoints, "package_digest", lambda: "another one")
    wrong = rf"Ray's node 127.0.0.[23] has ganstudy {here} instead of another one; install the same there"
    with pytest.raises(UserError, match=f"^{wrong}$"):
        execution.run(train_shard, cell, SEEDS, data)


@pytest.fixture
def start(make_study: Callable[..., dict[str, Any]], tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """`start(**recipe)`: `ganstudy train` on a cluster of its own."""
    ganstudy = Path(sys.executable).with_name("ganstudy")
    # Ray writes the token of such clusters into the home folder.
    environment = {**os.environ, "HOME": str(tmp_path), "GANSTUDY_ENGINE": "ray", "GANSTUDY_WORKERS": "2"}
    environment.pop("RAY_ADDRESS", None)

    def started(**recipe: object) -> subprocess.Popen[str]:
        study = make_study("non_saturating", **recipe)
        study["study"]["seeds"] = SEEDS
        (tmp_path / "params.yaml").write_text(json.dumps(study))
        subprocess.run([ganstudy, "prepare", "v"], cwd=tmp_path, check=True)
        return subprocess.Popen(
            [ganstudy, "train", "v", "l"],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return started


def processes_of(stage: subprocess.Popen[str]) -> list[psutil.Process]:
    """All that it started, once two shards train, or by its end: on a busy machine they may follow each
    other."""
    until = monotonic() + PATIENCE
    started: set[psutil.Process] = set()
    while stage.poll() is None and monotonic() < until:
        with suppress(psutil.NoSuchProcess):
            started |= set(psutil.Process(stage.pid).children(recursive=True))
        if len(trainers()) == 2:
            break
        sleep(0.05)
    assert started
    return list(started)


def test_without_an_address_a_cluster_is_started_and_leaves_nothing(
    start: Callable[..., subprocess.Popen[str]], expected: Runs, tmp_path: Path
) -> None:
    stage = start(**RECIPE)
    started = processes_of(stage)
    told, said = stage.communicate(timeout=PATIENCE)
    assert (stage.returncode, told) == (0, ""), said
    assert said.splitlines()[0].startswith("v · l, 5 seeds")
    assert len(said.splitlines()) == 1
    assert_same_bits(load_runs(tmp_path / "data/runs/v/l"), expected)
    _, left = psutil.wait_procs(started, PATIENCE)
    assert not left


def test_ctrl_c_stops_at_once_and_in_a_line(start: Callable[..., subprocess.Popen[str]]) -> None:
    """It reaches everything in the terminal at the same time."""
    stage = start(**ENDLESS)
    started = processes_of(stage)
    sleep(5)
    os.killpg(stage.pid, signal.SIGINT)
    # It would train for ever.
    told, said = stage.communicate(timeout=PATIENCE)
    assert (stage.returncode, told) == (130, "")
    assert said.splitlines()[1:] == ["ganstudy: interrupted"]
    _, left = psutil.wait_procs(started, PATIENCE)
    assert not left
