"""What `dvc repro` would do with each stage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from graphlib import TopologicalSorter
from hashlib import md5 as hashed
from pathlib import Path
from typing import Any

from ganstudy.forecast.pipeline import ABSENT, Cache, Entry, Stage, at, md5


class Fate(Enum):
    """Of a stage, from nothing to do to all."""

    THERE = "there"
    RESTORED = "restored"
    """Its outputs come from DVC's cache."""
    AGAIN = "again"
    """It runs because outputs are gone, or DVC's cache is. The same goes in, so the same comes out."""
    MAYBE = "maybe"
    """It runs if what comes before it comes out otherwise than it did."""
    RUNS = "runs"

    @property
    def works(self) -> bool:
        """Whether the stage runs, or may."""
        return self in (Fate.AGAIN, Fate.MAYBE, Fate.RUNS)


@dataclass
class Foresight:
    """Judges stages in the order in which they run."""

    settings: Mapping[str, Any]
    """params.yaml as read."""
    lists: Mapping[str, str]
    """What `ganstudy code` would write, by path."""
    lock: Mapping[str, Entry]
    cache: Cache
    outs: dict[str, str | None] = field(default_factory=dict)
    """The hash that each output will have; None while nobody can tell."""

    def fates(self, stages: Sequence[Stage]) -> dict[str, Fate]:
        """By the stages' names, in their order. What lists code is left out: its lists are known."""
        judged = {stage.name: stage for stage in stages if not self._lists_code(stage)}
        found = {name: self._fate(judged[name]) for name in _in_order(judged)}
        return {name: found[name] for name in judged}

    def _lists_code(self, stage: Stage) -> bool:
        return any(_inside(path, out) for out in stage.outs for path in self.lists)

    def _fate(self, stage: Stage) -> Fate:
        params = {place: at(self.settings, place) for place in stage.params}
        deps = {path: self._dependency(path, self.lock.get(stage.name)) for path in stage.deps}
        known = {path: hash_ for path, hash_ in deps.items() if hash_ is not None}
        entry = self.lock.get(stage.name)
        same = entry is not None and _same(entry, stage, params, known)
        if same and len(known) == len(deps):
            assert entry is not None
            return self._unchanged(stage, entry)
        if ABSENT not in params.values() and len(known) == len(deps):
            ran = self.cache.ran(stage, params, known)
            if ran and all(self.cache.holds(hash_) for hash_ in ran.outs.values()):
                self.outs |= ran.outs
                return Fate.RESTORED
        self.outs |= dict.fromkeys(stage.outs)
        lost = entry is None or not self._there(stage, entry)
        return Fate.RUNS if not same or lost else Fate.MAYBE

    def _unchanged(self, stage: Stage, entry: Entry) -> Fate:
        """Of a stage that did just this when it last ran."""
        self.outs |= entry.outs
        if self._there(stage, entry):
            return Fate.THERE
        return Fate.RESTORED if all(map(self.cache.holds, entry.outs.values())) else Fate.AGAIN

    def _dependency(self, path: str, entry: Entry | None) -> str | None:
        """The hash that it will have when the stage is due; None if nobody can tell."""
        if path in self.lists:
            return hashed(self.lists[path].encode(), usedforsecurity=False).hexdigest()
        if path in self.outs:
            return self.outs[path]
        inside = [hash_ for out, hash_ in self.outs.items() if _inside(out, path)]
        if inside:
            # A folder that several stages write to: as it was if none of them does.
            return None if None in inside or entry is None else entry.deps.get(path)
        return md5(Path(path)) or ""

    def _there(self, stage: Stage, entry: Entry) -> bool:
        """Whether the outputs are in the workspace and, if DVC keeps them, in its cache: without that it runs
        the stage again. Those may be large, and are not read."""
        return set(entry.outs) == set(stage.outs) and all(
            md5(Path(path)) == hash_
            if path in stage.uncached
            else _size(Path(path)) == entry.sizes[path] and self.cache.holds(hash_)
            for path, hash_ in entry.outs.items()
        )


def _same(entry: Entry, stage: Stage, params: Mapping[str, Any], known: Mapping[str, str]) -> bool:
    """Whether nothing that is known differs from what it was."""
    return (
        entry.command == stage.command
        and dict(entry.params) == params
        and entry.deps.keys() == set(stage.deps)
        and all(entry.deps[path] == hash_ for path, hash_ in known.items())
    )


def _size(path: Path) -> tuple[int | None, int | None] | None:
    if path.is_file():
        return path.stat().st_size, None
    if not path.is_dir():
        return None
    sizes = [file.stat().st_size for file in path.rglob("*") if file.is_file()]
    return sum(sizes), len(sizes)


def _inside(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")


def _in_order(stages: Mapping[str, Stage]) -> Iterator[str]:
    """The stages' names, each after those whose outputs it depends on."""
    makers = {out: name for name, stage in stages.items() for out in stage.outs}

    def before(stage: Stage) -> set[str]:
        return {
            maker for out, maker in makers.items() for dep in stage.deps if out == dep or _inside(out, dep)
        }

    yield from TopologicalSorter({name: before(stage) for name, stage in stages.items()}).static_order()
