"""A stage ends when the DVC that called it does, however that ended."""

import os
from collections.abc import Iterator
from threading import Thread

import psutil

SHELLS = ("sh", "bash", "dash", "zsh", "fish")


def end_with_dvc() -> None:
    """From now on, end this process as soon as DVC is gone, if it was DVC that called it.

    DVC does not take its stages along when it is killed: they would train on, unseen, beside the next
    `dvc repro`. Workers in turn end with the stage (`execution.process_pool`).
    """
    if "DVC_STAGE" in os.environ:
        callers = list(_callers())
        Thread(
            target=psutil.wait_procs, args=(callers, None, lambda caller: os._exit(1)), daemon=True
        ).start()


def _callers() -> Iterator[psutil.Process]:
    """The process that called this one; where that is a shell, also the one that called the shell."""
    for caller in psutil.Process().parents():
        yield caller
        if caller.name() not in SHELLS:
            return
