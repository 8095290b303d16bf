"""What the environment says about where to run. None of it decides a result."""

import math
import os

from ganstudy.core.errors import UserError

ENGINES = ("local", "ray")
MOST_REPLICAS = 64
"""In a shard: beyond it replicas gain nothing from others, and only need memory."""


def engine() -> str:
    """What shares the work out, one of ENGINES: GANSTUDY_ENGINE, by default `local`."""
    given = os.environ.get("GANSTUDY_ENGINE", "local")
    if given not in ENGINES:
        raise UserError(f"GANSTUDY_ENGINE: found '{given}'; give {' or '.join(ENGINES)}")
    return given


def workers() -> int:
    """How many worker processes: GANSTUDY_WORKERS, or one for each processor this process may use."""
    return _whole_number("GANSTUDY_WORKERS", "processes", len(os.sched_getaffinity(0)))


def replicas() -> int:
    """How many runs at most train side by side: GANSTUDY_REPLICAS, by default MOST_REPLICAS."""
    return _whole_number("GANSTUDY_REPLICAS", "runs", MOST_REPLICAS)


def device() -> str:
    """The device to train on, as PyTorch names it: GANSTUDY_DEVICE, by default `cpu`."""
    return os.environ.get("GANSTUDY_DEVICE", "cpu")


def ray_address() -> str | None:
    """HOST:PORT of the Ray cluster, or `auto` for the one that this machine is a node of: RAY_ADDRESS.
    None if one is to be started."""
    given = os.environ.get("RAY_ADDRESS") or None
    if given is not None and "://" in given:
        # Tasks that stream are not for Ray's client.
        raise UserError(
            f"RAY_ADDRESS: found '{given}'; start this on a node of the cluster, and give HOST:PORT or auto"
        )
    return given


def ray_gpus() -> float:
    """The share of a GPU that Ray sets aside for a shard: GANSTUDY_RAY_GPUS, by default 1; 0 unless the
    device is one."""
    if not device().startswith("cuda"):
        return 0.0
    given, share = _number("GANSTUDY_RAY_GPUS", "1")
    if not 0 < share <= 1:
        raise UserError(f"GANSTUDY_RAY_GPUS: found '{given}'; give a share of a GPU, above 0 and at most 1")
    return share


def ray_retries() -> int:
    """How often a shard may lose its worker or node and begin again: GANSTUDY_RAY_RETRIES, by default 3."""
    return _whole_number("GANSTUDY_RAY_RETRIES", "times", 3, least=0)


def seconds_between_checkpoints() -> float:
    """How much training a kill may cost: GANSTUDY_CHECKPOINT_SECONDS, by default 20."""
    given, seconds = _number("GANSTUDY_CHECKPOINT_SECONDS", "20")
    if not 0 <= seconds < math.inf:
        raise UserError(f"GANSTUDY_CHECKPOINT_SECONDS: found '{given}'; give a number of seconds, at least 0")
    return seconds


def _number(name: str, default: str) -> tuple[str, float]:
    """What is given, and the number that it is; NaN if it is none."""
    given = os.environ.get(name, default)
    try:
        return given, float(given)
    except ValueError:
        return given, math.nan


def _whole_number(name: str, of: str, default: int, least: int = 1) -> int:
    given = os.environ.get(name)
    if given is None:
        return default
    if not given.isdecimal() or int(given) < least:
        raise UserError(f"{name}: found '{given}'; give a number of {of}, at least {least}")
    return int(given)
