"""What `dvc repro` would do with each stage, and why: as DVC says, told in files and settings."""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from ganstudy.core.errors import UserError
from ganstudy.core.files import flat
from ganstudy.results import paths


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


def planned_stages() -> Iterator[Planned]:
    """The stages of the current folder that are not as they should be, each after those it depends on; but
    for `code`, which takes no time and is taken to be done. UserError if DVC cannot be asked, as while it is
    at work there."""
    # Here and not above: it takes most of a second.
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    logging.getLogger("dvc").setLevel(logging.CRITICAL)
    repo = Repo()
    try:
        said, graph = repo.status(), repo.index.graph
    except DvcException as error:
        line = " ".join(str(error).split())
        raise UserError(
            f"DVC cannot be asked; if it is at work here, try again when it has ended ({line})"
        ) from None
    due: dict[Any, Status] = {}
    # An edge leads from a stage to one that it depends on.
    needed = {stage: set(graph.successors(stage)) for stage in graph}
    all_needed: dict[Any, set[Any]] = {}
    for stage in TopologicalSorter(needed).static_order():
        all_needed[stage] = needed[stage].union(*(all_needed[other] for other in needed[stage]))
        if stage.addressing == "code":
            continue
        before = [other for other in all_needed[stage] if other in due]
        changes = said.get(stage.addressing, [])
        reasons = list(_reasons(stage, changes, [out.fs_path for other in before for out in other.outs]))
        waits = any(due[other] in (Status.RUNS, Status.MAYBE) for other in before)
        is_gone = any("changed outs" in change for change in changes if isinstance(change, dict))
        if (status := _status(stage, bool(reasons), is_gone, waits)) is not None:
            due[stage] = status
            yield Planned(stage.addressing, status, reasons)


def _status(stage: Any, has_changed: bool, is_gone: bool, waits: bool) -> Status | None:
    if not waits and (has_changed or is_gone) and _is_cached(stage, has_changed):
        return Status.RESTORED
    if has_changed:
        return Status.RUNS
    if waits:
        return Status.MAYBE
    return Status.AGAIN if is_gone else None


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


def _reasons(stage: Any, changes: Sequence[Any], waits_for: Sequence[str]) -> Iterator[str]:
    """What has changed of the stage's command and of its dependencies, but for those that are still to be
    written."""
    for change in changes:
        if not isinstance(change, dict):
            yield str(change).removeprefix("changed ")
            continue
        for path, how in change.get("changed deps", {}).items():
            place = Path(path).absolute()
            if not any(place.is_relative_to(out) or Path(out).is_relative_to(place) for out in waits_for):
                yield from _within(stage, path) or [f"{path}: {how}"]


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
    one, other = (flat(json.loads(text)) for text in (before, now))
    return [
        f"{place}: {_shown(one.get(place))} → {_shown(other.get(place))}"
        for place in one | other
        if one.get(place) != other.get(place)
    ]


def _shown(value: Any) -> str:
    return "unset" if value is None else json.dumps(value, ensure_ascii=False)
