"""Worker processes: the same bits however many there are, progress told, and nothing waits for the dead."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudy.core.errors import UserError
from ganstudy.execution import cell as execution
from ganstudy.execution.process_pool import split_seeds
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.training.cell import Cell
from ganstudy.training.runs import Runs
from ganstudy.training.shard import train_shard
from same_bits import assert_same_bits

SEEDS = [12, 3, 40, 7, 0, 21, 5, 33, 1000, 2]
"""Ten, in no order."""
STEPS = 30
ENDLESS = {"steps": 10_000_000, "points": 100_000}
"""Hours of training, and something to tell every hundred steps."""
PATIENCE = 300
"""Seconds, on a busy machine, for what takes a few."""


@pytest.fixture(scope="module")
def cell(make_cell: Callable[..., Cell]) -> Cell:
    return make_cell(steps=STEPS, discriminator_pretest=2)


@pytest.fixture(scope="module")
def data(cell: Cell) -> Prepared:
    return Prepared.of(make_source(cell.recipe.source))


Told = list[tuple[int, dict[str, float]]]


@pytest.fixture(scope="module", params=["2", pytest.param("1", marks=pytest.mark.slow)])
def trained(request: pytest.FixtureRequest, cell: Cell, data: Prepared) -> tuple[Runs, Told]:
    """The cell trained by so many workers, and what was told meanwhile."""
    told: Told = []
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GANSTUDY_WORKERS", request.param)
        return execution.run(train_shard, cell, SEEDS, data, lambda *report: told.append(report)), told


def test_workers_give_the_bits_that_training_gives_here(
    trained: tuple[Runs, Told], cell: Cell, train_cell: Callable[[Cell, Sequence[int]], Runs]
) -> None:
    assert_same_bits(trained[0], train_cell(cell, SEEDS))


def test_seeds_keep_their_order(trained: tuple[Runs, Told]) -> None:
    runs = trained[0]
    assert runs.seeds == SEEDS
    assert list(runs.history["seed"].drop_duplicates()) == SEEDS


def test_progress_tells_every_step_of_every_shard(trained: tuple[Runs, Told]) -> None:
    told = trained[1]
    assert sum(steps for steps, _ in told) == STEPS * len(SEEDS)
    assert all(losses.keys() == {"D", "G"} for _, losses in told)


@given(
    seeds=st.lists(st.integers(0), min_size=1, max_size=300, unique=True),
    workers=st.integers(1, 20),
    most=st.sampled_from([1, 7, 64]),
)
def test_shards_hold_every_seed_in_order_and_are_alike(seeds: list[int], workers: int, most: int) -> None:
    shards = split_seeds(seeds, workers, most)
    sizes = [len(shard) for shard in shards]
    assert [seed for shard in shards for seed in shard] == seeds
    assert 1 <= min(sizes) <= max(sizes) <= min(sizes) + 1
    assert max(sizes) <= most
    # No worker is idle while another has two, and there are no more shards than that takes.
    assert len(shards) == len(seeds) or len(shards) % workers == 0
    assert len(shards) < workers + len(seeds) / most + workers


def kill_workers() -> None:
    for worker in multiprocessing.active_children():
        assert worker.pid
        os.kill(worker.pid, signal.SIGKILL)


def attempt(
    cell: Cell,
    data: Prepared,
    meanwhile: Callable[[], None],
    progress: Callable[..., None],
    seeds: Sequence[int] = (0,),
) -> Runs | UserError:
    """What became of training while something else happens."""
    outcome: list[Runs | UserError] = []

    def run() -> None:
        try:
            outcome.append(execution.run(train_shard, cell, seeds, data, progress))
        except UserError as error:
            outcome.append(error)

    attempted = Thread(target=run, daemon=True)
    attempted.start()
    while attempted.is_alive() and not multiprocessing.active_children():
        sleep(0.01)
    try:
        meanwhile()
        attempted.join(timeout=PATIENCE)
        assert not attempted.is_alive(), "it waits for a dead worker"
    finally:
        kill_workers()
    return outcome[0]


@pytest.mark.parametrize(
    "when",
    ["as soon as it starts", pytest.param("while it reports", marks=pytest.mark.slow)],
)
def test_a_killed_worker_is_reported_and_not_waited_for(
    when: str, make_cell: Callable[..., Cell], data: Prepared
) -> None:
    """As when memory runs out."""
    reports = when == "while it reports"
    outcome = attempt(
        make_cell(**ENDLESS),
        data,
        meanwhile=(lambda: None) if reports else kill_workers,
        progress=(lambda *told: kill_workers()) if reports else (lambda *told: None),
    )
    assert isinstance(outcome, UserError)
    assert str(outcome).startswith("v, l: a worker process was killed")
    assert "GANSTUDY_WORKERS" in str(outcome)


def test_a_worker_that_is_killed_before_the_others_report_is_not_waited_for(
    make_cell: Callable[..., Cell], data: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is its shard, until theirs are done."""
    monkeypatch.setenv("GANSTUDY_WORKERS", "2")

    def kill_the_second() -> None:
        while len(workers := multiprocessing.active_children()) < 2:
            sleep(0.01)
        sleep(1)
        max(workers, key=lambda worker: worker.pid or 0).kill()

    began = monotonic()
    outcome = attempt(make_cell(**ENDLESS), data, kill_the_second, lambda *told: None, seeds=[0, 1])
    assert isinstance(outcome, UserError)
    assert monotonic() - began < 60


@pytest.mark.parametrize("device", ["toaster", pytest.param("cuda:99", marks=pytest.mark.slow)])
def test_a_device_that_is_not_there_is_named(
    device: str, cell: Cell, data: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSTUDY_DEVICE", device)
    with pytest.raises(
        UserError, match=rf"^GANSTUDY_DEVICE: '{device}' cannot be used \(.+\); try cpu or cuda$"
    ):
        execution.run(train_shard, cell, [0], data)


PARENT = """
import multiprocessing
from pathlib import Path
from ganstudy.execution import cell as execution
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.loading import load
from ganstudy.training.shard import train_shard

cell = load(Path("params.yaml")).cell("v", "l")
data = Prepared.of(make_source(cell.recipe.source))
tell = lambda *told: print(multiprocessing.active_children()[0].pid, flush=True)
execution.run(train_shard, cell, [0], data, tell)
"""


def is_running(pid: str) -> bool:
    """A process that ended has no command line, even while nobody has asked how it ended."""
    try:
        return bool(Path("/proc", pid, "cmdline").read_bytes())
    except OSError:
        return False


@pytest.mark.slow
def test_workers_end_with_their_parent(make_study: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    """However it ends: `kill -9` leaves it no time to say so."""
    (tmp_path / "params.yaml").write_text(json.dumps(make_study("mse", **ENDLESS)))
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    worker = parent.stdout.readline().strip()
    assert is_running(worker)
    parent.kill()
    parent.wait()
    until = monotonic() + PATIENCE
    while is_running(worker) and monotonic() < until:
        sleep(0.05)
    assert not is_running(worker)


@pytest.mark.slow
def test_ctrl_c_stops_at_once_and_in_a_line(
    make_study: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    """It reaches everything in the terminal at the same time. Workers leave the answer to their parent."""
    (tmp_path / "params.yaml").write_text(json.dumps(make_study("mse", **ENDLESS)))
    ganstudy = Path(sys.executable).with_name("ganstudy")
    subprocess.run([ganstudy, "prepare", "v"], cwd=tmp_path, check=True)
    stage = subprocess.Popen(
        [ganstudy, "train", "v", "l"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = monotonic() + PATIENCE
    while len(workers := children(stage.pid)) < 2 and monotonic() < until:
        sleep(0.05)
    sleep(5)
    for worker in workers:
        os.kill(worker, signal.SIGINT)
    sleep(1)
    assert stage.poll() is None
    began = monotonic()
    os.killpg(stage.pid, signal.SIGINT)
    _, said = stage.communicate(timeout=PATIENCE)
    assert monotonic() - began < 2
    assert stage.returncode == 130
    assert "Traceback" not in said
    assert said.splitlines()[-1] == "ganstudy: interrupted"
    assert not any(is_running(str(worker)) for worker in workers)


def children(pid: int) -> list[int]:
    """Of a process: its workers, and the one that looks after what they share."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]
