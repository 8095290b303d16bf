"""How long stages took on this machine.

Kept beside DVC's outputs, not in them: the same input has to give the same bytes. One file a stage, so that
several may end at once.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from ganstudy.core.errors import UserError
from ganstudy.execution.environment import device, engine, workers
from ganstudy.pipeline.cost_model import estimate
from ganstudy.results import paths
from ganstudy.study.params import Params

LEAST, MOST = 0.05, 20.0
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
    path = _path(step, of)
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
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(said, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        part.replace(path)
    except (OSError, UserError):
        with suppress(OSError):
            part.unlink()


class CostModel:
    """How much longer stages take here than is estimated."""

    def __init__(self, params: Params) -> None:
        self.params = params
        self.measured = dict(_measured())

    def seconds(self, step: str, of: Sequence[str]) -> float:
        """About how long the stage will take: as its recipe says, times what it took here over what was
        estimated then; or what others of its kind took, of the same variant if there are any."""
        return estimate(self.params, step, of) * self._ratio(step, tuple(of))

    def _ratio(self, step: str, of: tuple[str, ...]) -> float:
        if (own := self.measured.get((step, *of))) is not None:
            return own
        alike = {stage: ratio for stage, ratio in self.measured.items() if stage[0] == step}
        near = [ratio for stage, ratio in alike.items() if stage[1:2] == of[:1]]
        return median(near or alike.values() or [1.0])


def _path(step: str, of: Sequence[str]) -> Path:
    return paths.DURATIONS / f"{'-'.join((step, *of))}.json"


def _place() -> str:
    """What makes durations comparable, besides the number of workers, which is reckoned with."""
    return f"{engine()} {device()}"


def _measured() -> Iterator[tuple[tuple[str, ...], float]]:
    """Of each stage that ran here, by step and what it was of, seconds over estimated seconds."""
    for path in sorted(paths.DURATIONS.glob("*.json")):
        try:
            said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            ratio = said["seconds"] / said["estimated"]
            if said["place"] == _place() and LEAST < ratio < MOST:
                yield tuple(path.stem.split("-")), ratio
        except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
            # Written by other hands: as if it were not there.
            continue
