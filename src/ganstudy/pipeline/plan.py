"""What `dvc repro` would do, and in about how long, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any, Self

from ganstudy.core.errors import UserError
from ganstudy.core.text import counted, first_of, listed
from ganstudy.execution.environment import workers
from ganstudy.pipeline.code import code
from ganstudy.pipeline.durations import CostModel
from ganstudy.pipeline.dvc_status import Planned, Status, planned_stages
from ganstudy.study.params import Params

PIPELINE = Path("dvc.yaml")
CELLS_NAMED = 6
"""So many rows, columns and cells are named before the others are counted."""
MINUTE, HOUR, DAY = 60, 3600, 86400
COARSE = (
    *(MINUTE * n for n in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50)),
    *(HOUR * n for n in (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 18)),
    DAY,
)
"""What a duration is rounded to."""

CellName = tuple[str, ...]
"""Its variant and its loss."""


@dataclass(frozen=True)
class Plan:
    """The stages that are not as they should be, in the order in which they run."""

    params: Params
    stages: Sequence[Planned]
    workers: int
    seconds: float
    """About, if all runs that may."""

    @classmethod
    def of(cls, params: Params) -> Self:
        """For the study in the current folder. UserError without dvc.yaml or an own component.

        Brings data/code up to date, as the stage `code` would.
        """
        if not PIPELINE.is_file():
            raise UserError(f"{PIPELINE}: not there; `ganstudy new STUDY DIR` writes a folder with one")
        code(params)
        planned, cost_model = list(planned_stages()), CostModel(params)
        seconds = sum(cost_model.seconds(stage.step, stage.of) for stage in planned if stage.works)
        return cls(params, planned, workers(), seconds)

    def of_step(self, step: str, *statuses: Status) -> list[CellName]:
        """What stages of a step are of, that have one of these statuses."""
        return [stage.of for stage in self.stages if stage.step == step and stage.status in statuses]

    def working(self, step: str) -> list[CellName]:
        """The same of those that run, or may."""
        return self.of_step(step, Status.RUNS, Status.AGAIN, Status.MAYBE)

    @property
    def by_reason(self) -> dict[str, list[str]]:
        """Each thing that has changed, with the stages that run because of it."""
        found: dict[str, list[str]] = {}
        for stage in self.stages:
            for reason in stage.reasons:
                found.setdefault(reason, []).append(stage.name)
        return found

    def as_json(self) -> dict[str, Any]:
        """For a machine to read. docs/commands.md names the keys."""
        return {
            "evaluate": [list(of) for of in self.working("evaluate")],
            "restore": [list(of) for of in self.of_step("train", Status.RESTORED)],
            "seconds": round(self.seconds),
            "stages": {
                stage.name: {"status": stage.status.value, "because": list(stage.reasons)}
                for stage in self.stages
            },
            "train": [list(of) for of in self.working("train")],
            "workers": self.workers,
        }

    def __str__(self) -> str:
        cells = len(self.params.cells)
        if not self.stages:
            return f"`dvc repro` would run nothing: all {cells} cells are there"
        train = self.working("train")
        there = cells - len(train)
        cached = f"; {there} {'is' if there == 1 else 'are'} cached" if train and there else ""
        works = any(stage.works for stage in self.stages)
        time = f", {about(self.seconds)} on {counted(self.workers, 'worker')}" if works else ""
        return f"`dvc repro` would {self._work()}{time}{cached}"

    def _work(self) -> str:
        train, evaluate = (self._cells(step) for step in ("train", "evaluate"))
        if train and self.working("train") == self.working("evaluate") and train == evaluate:
            return f"train and evaluate {train}"
        done = [f"{verb} {cells}" for verb, cells in (("train", train), ("evaluate", evaluate)) if cells]
        if not train and (restored := self.of_step("train", Status.RESTORED)):
            done.insert(0, f"restore {self._which(restored)} from DVC's cache")
        if done:
            return listed(done)
        others = list(dict.fromkeys(stage.step for stage in self.stages if stage.works))
        return f"train and evaluate no cell, and run {listed(others)}" if others else "only restore outputs"

    def _cells(self, step: str) -> str:
        """How many, and which; empty if none."""
        if not (cells := self.working(step)):
            return ""
        return f"{'at most ' if self.of_step(step, Status.MAYBE) else ''}{self._which(cells)}"

    def _which(self, cells: Sequence[CellName]) -> str:
        n = len(self.params.cells)
        if len(cells) == n:
            return "the only cell" if n == 1 else f"all {n} cells"
        return f"{len(cells)} of {n} cells ({which(cells, self.params)})"


def which(cells: Sequence[CellName], params: Params) -> str:
    """The cells in words: whole rows and columns, and whatever cells are left."""
    wanted, variants, losses = set(cells), params.variants, params.losses
    rows = [
        variant for variant in variants if len(losses) > 1 and wanted >= {(variant, loss) for loss in losses}
    ]
    columns = [
        loss for loss in losses if len(variants) > 1 and wanted >= {(variant, loss) for variant in variants}
    ]
    named = [
        *(f"the row {row}" for row in rows),
        *(f"the column {column}" for column in columns),
        *(" ".join(cell) for cell in cells if cell[0] not in rows and cell[1] not in columns),
    ]
    return first_of(named, CELLS_NAMED)


def about(seconds: float) -> str:
    """A duration, as coarsely as it is known."""
    if seconds < MINUTE / 2:
        return "under half a minute"
    nearest = min(COARSE, key=lambda coarse: abs(log(coarse / seconds)))
    if nearest < HOUR:
        return f"about {nearest / MINUTE:g} min"
    if nearest < DAY:
        return f"about {nearest / HOUR:g} h"
    return f"about {max(seconds / DAY, 1):.2g} days"
