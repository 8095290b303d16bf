"""`kill -9`, at random moments: nothing is left running, little is lost, and the end is the same."""

import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import sleep, time
from typing import Any

import psutil
import pytest
from project import Project

from ganstudy.execution.checkpoints import unpack

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("GANSTUDY_TEST_KILLS", "3"))
INTERVAL = 1.0
"""Seconds between checkpoints."""
PATIENCE = 300
"""Seconds, on a busy machine, for what takes one."""


def longer(settings: Any) -> None:
    """A cell of the small study, as long as it takes for most kills to meet training."""
    settings["variants"] = {"gaussian": {**settings["variants"]["gaussian"], "steps": 8000 * KILLS}}
    settings["losses"] = {"mse": {}}
    settings["evaluation"]["tolerances"] = {"gaussian": {"mean": 0.1}}


def is_worker(command: str) -> bool:
    return "spawn_main" in command


def is_stage(command: str) -> bool:
    return "bin/ganstudy " in command


VICTIMS: dict[str, Callable[[str], bool]] = {
    "dvc": lambda command: False,
    "a stage": is_stage,
    "a worker": is_worker,
}


def checkpoints(project: Project) -> list[Path]:
    return list(project.folder.glob("data/checkpoints/*/*.state"))


def is_kept_anew(project: Project, known: dict[Path, int]) -> bool:
    return any(path.stat().st_mtime_ns != known.get(path) for path in checkpoints(project))


def steps(project: Project) -> dict[str, int]:
    """How far each checkpoint is."""
    states = {path.name: unpack(path.read_bytes()) for path in checkpoints(project)}
    assert None not in states.values(), "half a checkpoint"
    return {name: int(state["gan.step"][0]) for name, state in states.items() if state}


def command(process: psutil.Process) -> str:
    """Empty if it has ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def tree(process: psutil.Process) -> list[psutil.Process]:
    """It and its descendants."""
    return [process, *process.children(recursive=True)]


def kill(project: Project, victim: str, after: float, once_kept: bool) -> float:
    """Kill the victim of a `dvc repro` so many seconds after its first worker has begun, or after training
    was kept anew; DVC, if there is none then.

    Returns how many seconds ago the training had been kept.
    """
    known = {path: path.stat().st_mtime_ns for path in checkpoints(project)}
    dvc = subprocess.Popen(
        ["dvc", "repro"],
        cwd=project.folder,
        # With one, the stage would do its work itself.
        env={**project.environment, "GANSTUDY_WORKERS": "2", "GANSTUDY_CHECKPOINT_SECONDS": str(INTERVAL)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    begun = time()
    # Not from the start: how long DVC and imports take depends on what else this machine does.
    while dvc.poll() is None and not any(is_worker(command(each)) for each in tree(psutil.Process(dvc.pid))):
        assert time() < begun + PATIENCE, "no worker"
        sleep(0.1)
    while once_kept and dvc.poll() is None and not is_kept_anew(project, known):
        assert time() < begun + PATIENCE, "no checkpoint"
        sleep(0.05)
    sleep(after)
    everyone = tree(psutil.Process(dvc.pid))
    marked = [process for process in everyone if VICTIMS[victim](command(process))]
    kept = [path.stat().st_mtime for path in checkpoints(project)]
    random.choice(marked or everyone[:1]).kill()
    killed = time()
    dvc.wait(PATIENCE)
    _, alive = psutil.wait_procs(everyone, timeout=PATIENCE)
    assert not alive, "it outlives its parent"
    return max((killed - moment for moment in kept), default=0.0)


def test_kills_leave_no_trace(project: Project) -> None:
    project.change(longer)
    project.repro()
    expected = project.lock.read_bytes()
    project.run("rm", "-r", "data/runs", ".dvc/cache", ".dvc/tmp")
    project.run("git", "checkout", "dvc.lock", "reports")

    random.seed(KILLS)
    before: dict[str, int] = {}
    resumed = 0
    for i in range(KILLS):
        victim = list(VICTIMS)[i % len(VICTIMS)]
        # Every other one surely finds something to go on from.
        lost = kill(project, victim, after=random.uniform(0, 2), once_kept=i % 2 == 0)
        now = steps(project)
        print(f"{victim} killed, {lost:.1f} s after training was kept; steps: {sorted(now.values())}")
        both = now.keys() & before.keys()
        # What was kept is not played again.
        assert all(now[name] >= before[name] for name in both)
        resumed += any(now[name] > before[name] for name in both)
        before = now
    project.repro()
    print(f"{resumed} times a training was taken up and killed again")
    assert resumed
    assert project.lock.read_bytes() == expected
    assert not list(project.folder.glob("data/checkpoints/*"))
    assert project.repro() == []
