"""What the environment says about where to run. None of it decides a result."""

import math
import os

from ganstudy.params import UserError


def workers() -> int:
    """How many worker processes: GANSTUDY_WORKERS, or one for each processor this process may use."""
    given = os.environ.get("GANSTUDY_WORKERS")
    if given is None:
        return len(os.sched_getaffinity(0))
    if not given.isdecimal() or int(given) < 1:
        raise UserError(f"GANSTUDY_WORKERS: found '{given}'; give a number of processes, at least 1")
    return int(given)


def device() -> str:
    """The device to train on, as PyTorch names it: GANSTUDY_DEVICE, by default `cpu`."""
    return os.environ.get("GANSTUDY_DEVICE", "cpu")


def seconds_between_checkpoints() -> float:
    """How much training a kill may cost: GANSTUDY_CHECKPOINT_SECONDS, by default 20."""
    given = os.environ.get("GANSTUDY_CHECKPOINT_SECONDS", "20")
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise UserError(f"GANSTUDY_CHECKPOINT_SECONDS: found '{given}'; give a number of seconds, at least 0")
    return seconds
