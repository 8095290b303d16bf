"""A stage does not outlive the DVC that called it."""

import os
import subprocess
import sys
from time import monotonic, sleep

import psutil
import pytest

PATIENCE = 300
STAGE = """
from time import sleep
from ganstudy.execution.parent_watchdog import end_with_dvc
end_with_dvc()
print(flush=True)
sleep(600)
"""
DVC = """
import subprocess, sys
stage = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
stage.stdout.readline()
print("ready", flush=True)
stage.wait()
"""


def stages_of(dvc: subprocess.Popen[str]) -> list[psutil.Process]:
    """What it called, once all of it is up."""
    assert dvc.stdout
    assert dvc.stdout.readline() == "ready\n"
    return psutil.Process(dvc.pid).children(recursive=True)


@pytest.mark.parametrize("shell", [(), ("sh", "-c", '"$0" "$@"; true')], ids=["directly", "by a shell"])
@pytest.mark.parametrize("called_by_dvc", [True, False])
def test_a_stage_ends_with_dvc_and_other_commands_go_on(shell: tuple[str, ...], called_by_dvc: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DVC_STAGE"}
    if called_by_dvc:
        environment["DVC_STAGE"] = "dvc.yaml:train@v-l"
    dvc = subprocess.Popen(
        [sys.executable, "-c", DVC, *shell, sys.executable, "-c", STAGE],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    *_, stage = stages_of(dvc)
    dvc.kill()
    dvc.wait()
    until = monotonic() + (PATIENCE if called_by_dvc else 3)
    while stage.is_running() and monotonic() < until:
        sleep(0.05)
    try:
        assert stage.is_running() is not called_by_dvc
    finally:
        if stage.is_running():
            stage.kill()
