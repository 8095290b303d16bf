"""How long stages took on this machine, and so about how long they will take.

Kept beside DVC's outputs, not in them: the same input has to give the same bytes. One file a stage, so that
several may end at once.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from time import perf_counter

from ganstudy.core.errors import UserError
from ganstudy.core.files import read_json, write_json
from ganstudy.execution.environment import device, engine, workers
from ganstudy.pipeline.cost_model import estimate
from ganstudy.results import paths
from ganstudy.study.params import Params

LEAST_RATIO, MOST_RATIO = 0.05, 20.0
"""No machine is that much faster or slower than the estimate: rather something else came between."""


@contextmanager
def noted(params: Params, step: str, of: Sequence[str]) -> Iterator[None]:
    """Note how long the stage takes that runs inside, if it ends well. Nothing here lets it fail."""
    resumed = step == "train" and any(paths.checkpoints(*of).glob("*"))
    started = perf_counter()
    yield
    if not resumed:
        _note(params, step, of, perf_counter() - started)


def _note(params: Params, step: str, of: Sequence[str], seconds: float) -> None:
    path = paths.DURATIONS / f"{'-'.join((step, *of))}.json"
    # A process's own, so that nobody meets half of it.
    part = path.with_suffix(f".{os.getpid()}")
    try:
        said = {
            "estimated": estimate(params, step, of),
            "place": _place(),
            "seconds": seconds,
            "seeds": len(params.seeds),
            "workers": workers(),
        }
        write_json(part, said)
        part.replace(path)
    except (OSError, UserError):
        with suppress(OSError):
            part.unlink()


class CostModel:
    """How long stages will take: as is estimated, times how much longer they take here."""

    def __init__(self, params: Params) -> None:
        self.params = params
        self.ratios = {
            tuple(path.stem.split("-")): ratio
            for path in sorted(paths.DURATIONS.glob("*.json"))
            if (ratio := _ratio(path)) is not None
        }
        """Of each stage that ran here, by step and what it was of, seconds over estimated seconds."""

    def seconds(self, step: str, of: Sequence[str]) -> float:
        """About how long the stage will take: as its recipe says, times what it took here over what was
        estimated then; or what others of its kind took, of the same variant if there are any."""
        alike = {stage: ratio for stage, ratio in self.ratios.items() if stage[0] == step}
        near = [ratio for stage, ratio in alike.items() if stage[1:2] == tuple(of[:1])]
        typical = median(near or alike.values() or [1.0])
        return estimate(self.params, step, of) * alike.get((step, *of), typical)


def _ratio(path: Path) -> float | None:
    """What was noted there; None if it was at another place, or written by other hands."""
    try:
        said = read_json(path)
        ratio: float = said["seconds"] / said["estimated"]
        return ratio if said["place"] == _place() and LEAST_RATIO < ratio < MOST_RATIO else None
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return None


def _place() -> str:
    """What makes durations comparable, besides the number of workers, which is reckoned with."""
    return f"{engine()} {device()}"
