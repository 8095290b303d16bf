"""What `dvc repro` would do, as DVC says, and in about how long."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from graphlib import TopologicalSorter
from math import log
from pathlib import Path
from typing import Any, Self

from ganstudy.core.text import listed
from ganstudy.execution.environment import workers
from ganstudy.pipeline.code import code
from ganstudy.pipeline.durations import CostModel
from ganstudy.results import paths
from ganstudy.study.params import Params

PIPELINE = Path("dvc.yaml")
CODE = "code"
"""The stage that lists code and settings. It takes no time, and is done here instead."""
CELLS_NAMED = 6
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


class Status(Enum):
    """What `dvc repro` would do with a stage."""

    RUNS = "runs"
    AGAIN = "again"
    """It runs because its outputs are gone, and so are they from DVC's cache. The same goes in, so the same
    comes out."""
    MAYBE = "maybe"
    """It runs if a stage before it ends with other outputs than it did."""
    RESTORED = "restored"
    """Its outputs come from DVC's cache."""


@dataclass(frozen=True)
class Planned:
    """A stage that is not as it should be."""

    name: str
    """As DVC calls it: `train@ring-mse`."""
    status: Status
    reasons: Sequence[str] = ()
    """What has changed: files of code, settings, data; empty where nothing has."""

    @property
    def step(self) -> str:
        """What the stages of a matrix have in common."""
        return self.name.partition("@")[0]

    @property
    def of(self) -> tuple[str, ...]:
        """The variant, or the variant and the loss; empty for stages of the whole study."""
        return tuple(self.name.partition("@")[2].split("-")) if "@" in self.name else ()

    @property
    def works(self) -> bool:
        """Whether it runs, or may."""
        return self.status is not Status.RESTORED


@dataclass(frozen=True)
class Plan:
    """The stages that are not as they should be, in the order in which they run."""

    params: Params
    stages: Sequence[Planned]
    workers: int
    seconds: float
    """About, if all runs that may."""

    @classmethod
    def of(cls, params: Params) -> Self | None:
        """For the study in the current folder; None if it has no dvc.yaml.

        Brings data/code up to date, as the stage `code` would. UserError if own work is not there.
        """
        if not PIPELINE.is_file():
            return None
        code(params)
        planned = list(_planned())
        pace = CostModel(params)
        seconds = sum(pace.seconds(stage.step, stage.of) for stage in planned if stage.works)
        return cls(params, planned, workers(), seconds)

    def of_step(self, step: str, *statuses: Status) -> list[Name]:
        """What stages of a step are of, that have one of these statuses."""
        return [stage.of for stage in self.stages if stage.step == step and stage.status in statuses]

    def working(self, step: str) -> list[Name]:
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
        known = f"; {there} {'is' if there == 1 else 'are'} cached" if train and there else ""
        return f"`dvc repro` would {self._work()}{self._time()}{known}"

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
        at_most = "at most " if self.of_step(step, Status.MAYBE) else ""
        return f"{at_most}{self._which(cells)}"

    def _which(self, cells: Sequence[Name]) -> str:
        all_ = len(self.params.cells)
        if len(cells) == all_:
            return "the only cell" if all_ == 1 else f"all {all_} cells"
        return f"{len(cells)} of {all_} cells ({which(cells, self.params)})"

    def _time(self) -> str:
        if not any(stage.works for stage in self.stages):
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
    more = len(named) - CELLS_NAMED
    return ", ".join(named[:CELLS_NAMED]) + (f" and {more} more" if more > 0 else "")


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


# ---- Asking DVC


def _planned() -> Iterator[Planned]:
    """The stages of the current folder that are not as they should be, each after those it depends on."""
    # Here and not above: it takes most of a second.
    from dvc.repo import Repo

    logging.getLogger("dvc").setLevel(logging.CRITICAL)
    repo = Repo()
    said, graph = repo.status(), repo.index.graph
    due: dict[Any, Status] = {}
    # An edge leads from a stage to one that it depends on.
    needed = {stage: set(graph.successors(stage)) for stage in graph}
    all_needed: dict[Any, set[Any]] = {}
    for stage in TopologicalSorter(needed).static_order():
        all_needed[stage] = needed[stage].union(*(all_needed[other] for other in needed[stage]))
        if stage.addressing == CODE:
            continue
        before = [other for other in all_needed[stage] if other in due]
        waits_for = [out.fs_path for other in before for out in other.outs]
        reasons = list(_reasons(stage, said.get(stage.addressing, []), waits_for))
        surely = any(due[other] in (Status.RUNS, Status.MAYBE) for other in before)
        if reasons or said.get(stage.addressing) or surely:
            status = _status(stage, bool(reasons), surely, said.get(stage.addressing, []))
            if status is not None:
                due[stage] = status
                yield Planned(stage.addressing, status, reasons)


def _status(stage: Any, has_reasons: bool, waits: bool, said: Sequence[Any]) -> Status | None:
    gone = any("changed outs" in entry for entry in said if isinstance(entry, dict))
    if not has_reasons and not gone:
        return Status.MAYBE if waits else None
    if not waits and _is_cached(stage, has_reasons):
        return Status.RESTORED
    return Status.RUNS if has_reasons else Status.MAYBE if waits else Status.AGAIN


def _is_cached(stage: Any, has_changed: bool) -> bool:
    """Whether DVC has the outputs that the stage would have, of now or of an earlier run."""
    from dvc.exceptions import DvcException
    from dvc_data.hashfile.hash_info import HashInfo

    if not has_changed:
        return not any(out.changed_cache() for out in stage.outs)
    try:
        stage.save_deps()
        for out in stage.outs:
            # Those of the lock are of another input. This copy of the stage is ours alone.
            out.hash_info = HashInfo()
        stage.repo.stage_cache.restore(stage, dry=True)
    except (DvcException, OSError):
        # Also where a dependency is absent until a stage before has run.
        return False
    return True


def _reasons(stage: Any, said: Sequence[Any], waits_for: Sequence[str]) -> Iterator[str]:
    """What has changed of the stage's command and of its dependencies, but for those that are still to be
    written."""
    for entry in said:
        if not isinstance(entry, dict):
            yield str(entry).removeprefix("changed ")
            continue
        for path, how in entry.get("changed deps", {}).items():
            place = str(Path(path).absolute())
            if not any(_overlap(place, out) for out in waits_for):
                yield from _within(stage, path) or [f"{path}: {how}"]


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _within(stage: Any, path: str) -> list[str]:
    """The files or settings that a list in data/code has otherwise than when the stage ran; empty for other
    files, and where DVC's cache no longer has the list."""
    if not path.startswith(f"{paths.CODE}/"):
        return []
    recorded = next(
        (dep.hash_info.value for dep in stage.deps if dep.def_path == path and dep.hash_info), None
    )
    kept = Path(stage.repo.cache.local.oid_to_path(recorded)) if recorded else None
    if kept is None or not kept.is_file():
        return []
    before, now = (file.read_text(encoding="utf-8") for file in (kept, Path(path)))
    return changed_settings(before, now) if path.endswith(".json") else changed_files(before, now)


def changed_files(before: str, now: str) -> list[str]:
    """The names on lines that differ between two lists of code."""
    lines = set(before.splitlines()) ^ set(now.splitlines())
    return sorted({line.rpartition(" ")[0] for line in lines})


def changed_settings(before: str, now: str) -> list[str]:
    """The settings that differ, with both values."""
    one, other = (dict(_flat(json.loads(text))) for text in (before, now))
    return [
        f"{place}: {_shown(one.get(place))} → {_shown(other.get(place))}"
        for place in dict.fromkeys([*one, *other])
        if one.get(place) != other.get(place)
    ]


def _shown(value: Any) -> str:
    return "unset" if value is None else json.dumps(value, ensure_ascii=False)


def _flat(settings: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(settings, Mapping) and settings:
        for key, value in settings.items():
            yield from _flat(value, f"{place}.{key}" if place else key)
    else:
        yield place, settings
