"""What `dvc repro` would do, and in about how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Self

from ganstudy.digests import digests
from ganstudy.execution.environment import workers
from ganstudy.forecast.durations import Pace
from ganstudy.forecast.fate import Fate, Foresight
from ganstudy.forecast.pipeline import PIPELINE, Cache, Stage, read_lock, read_yaml, stages
from ganstudy.params import FILE, Params
from ganstudy.words import listed

MOST_NAMED = 6
"""So many rows, columns and cells are named before the others are counted."""
MINUTE, HOUR, DAY = 60, 3600, 86400
COARSE = (
    *(MINUTE * n for n in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50)),
    *(HOUR * n for n in (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 18)),
    DAY,
)
"""What a duration is rounded to."""

Name = tuple[str, ...]
"""A cell: its variant and its loss."""


@dataclass(frozen=True)
class Plan:
    """The stages that are not as they should be, in the order of dvc.yaml."""

    params: Params
    stages: Sequence[Stage]
    fates: Mapping[str, Fate]
    workers: int
    seconds: float
    """About, if all runs that may."""

    @classmethod
    def of(cls, params: Params) -> Self | None:
        """For the study in the current folder; None if it has no dvc.yaml."""
        if not PIPELINE.is_file():
            return None
        settings = read_yaml(FILE)
        known = stages(read_yaml(PIPELINE), settings)
        lists = {path.as_posix(): text for path, text in digests(params).items()}
        fates = Foresight(settings, lists, read_lock(), Cache()).fates(known)
        due = [stage for stage in known if fates.get(stage.name, Fate.THERE) is not Fate.THERE]
        pace = Pace(params)
        seconds = sum(pace.seconds(stage.step, stage.of) for stage in due if fates[stage.name].works)
        return cls(params, due, fates, workers(), seconds)

    def of_step(self, step: str, *fates: Fate) -> list[Name]:
        """What stages of a step are of, that have one of these fates."""
        return [stage.of for stage in self.stages if stage.step == step and self.fates[stage.name] in fates]

    def working(self, step: str) -> list[Name]:
        """The same of those that run, or may."""
        return self.of_step(step, *(fate for fate in Fate if fate.works))

    def as_json(self) -> dict[str, Any]:
        """For a machine to read. docs/commands.md names the keys."""
        return {
            "evaluate": [list(of) for of in self.working("evaluate")],
            "restore": [list(of) for of in self.of_step("train", Fate.RESTORED)],
            "seconds": round(self.seconds),
            "stages": {stage.name: self.fates[stage.name].value for stage in self.stages},
            "train": [list(of) for of in self.working("train")],
            "workers": self.workers,
        }

    def __str__(self) -> str:
        cells = len(self.params.cells)
        if not self.stages:
            return f"`dvc repro` would run nothing: all {cells} cells are there"
        train = self.working("train")
        there = cells - len(train)
        known = f"; {there} {'is' if there == 1 else 'are'} cached" if train and there else ""
        return f"`dvc repro` would {self._work()}{self._time()}{known}"

    def _work(self) -> str:
        train, evaluate = (self._cells(step) for step in ("train", "evaluate"))
        if train and self.working("train") == self.working("evaluate") and train == evaluate:
            return f"train and evaluate {train}"
        done = [f"{verb} {cells}" for verb, cells in (("train", train), ("evaluate", evaluate)) if cells]
        if not train and (restored := self.of_step("train", Fate.RESTORED)):
            done.insert(0, f"restore {self._which(restored)} from DVC's cache")
        if done:
            return listed(done)
        others = list(dict.fromkeys(stage.step for stage in self.stages if self.fates[stage.name].works))
        return f"train and evaluate no cell, and run {listed(others)}" if others else "only restore outputs"

    def _cells(self, step: str) -> str:
        """How many, and which; empty if none."""
        if not (cells := self.working(step)):
            return ""
        at_most = "at most " if self.of_step(step, Fate.MAYBE) else ""
        return f"{at_most}{self._which(cells)}"

    def _which(self, cells: Sequence[Name]) -> str:
        all_ = len(self.params.cells)
        if len(cells) == all_:
            return "the only cell" if all_ == 1 else f"all {all_} cells"
        return f"{len(cells)} of {all_} cells ({which(cells, self.params)})"

    def _time(self) -> str:
        if not any(self.fates[stage.name].works for stage in self.stages):
            return ""
        many = f"{self.workers} worker" + "s" * (self.workers != 1)
        return f", {about(self.seconds)} on {many}"


def which(cells: Sequence[Name], params: Params) -> str:
    """The cells in words: whole rows and columns, and whatever cells are left."""
    wanted = set(cells)
    rows = [
        variant
        for variant in params.variants
        if len(params.losses) > 1 and wanted >= {(variant, loss) for loss in params.losses}
    ]
    columns = [
        loss
        for loss in params.losses
        if len(params.variants) > 1 and wanted >= {(variant, loss) for variant in params.variants}
    ]
    named = [
        *(f"the row {row}" for row in rows),
        *(f"the column {column}" for column in columns),
        *(" ".join(cell) for cell in cells if cell[0] not in rows and cell[1] not in columns),
    ]
    more = len(named) - MOST_NAMED
    return ", ".join(named[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


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
