"""A stage ends when the DVC that called it does, however that ended."""

import os
import select
from pathlib import Path
from threading import Thread

SHELLS = ("sh", "bash", "dash", "zsh", "fish")


def end_with_dvc() -> None:
    """From now on, end this process as soon as DVC is gone, if it was DVC that called it.

    DVC does not take its stages along when it is killed: they would train on, unseen, beside the next
    `dvc repro`. Workers in turn end with the stage (`execution.local`).
    """
    if "DVC_STAGE" in os.environ:
        Thread(target=_wait, args=(_callers(),), daemon=True).start()


def _callers() -> list[int]:
    """The process that called this one; where that is a shell, also the one that called the shell."""
    callers = [os.getppid()]
    while _name(callers[-1]) in SHELLS:
        callers.append(_parent(callers[-1]))
    return callers


def _wait(callers: list[int]) -> None:
    poll = select.poll()
    for caller in callers:
        try:
            # Readable once the process has ended.
            poll.register(os.pidfd_open(caller), select.POLLIN)
        except ProcessLookupError:
            os._exit(1)
    poll.poll()
    os._exit(1)


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _parent(pid: int) -> int:
    try:
        # The name before it is in parentheses, and may hold anything.
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return os.getppid()
    return int(stat.rpartition(")")[2].split()[1])
