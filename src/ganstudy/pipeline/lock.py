"""Two states of dvc.lock side by side: was the committed result reproduced?"""

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ganstudy.core.errors import UserError
from ganstudy.core.files import read_yaml
from ganstudy.results import paths

Lock = Mapping[str, Any]
"""dvc.lock as read: `stages`, by name, each with `params`, `deps` and `outs`."""


@dataclass(frozen=True)
class Comparison:
    """Stages of a working lock against the committed one, in the locks' order."""

    outputs: int
    """Of all committed stages."""
    differ: list[str]
    """Settings as committed, all the way up, but other outputs."""
    changed: list[str]
    """New, or with other settings than committed, or fed by such a stage."""
    missing: list[str]
    """Committed, but absent."""

    @property
    def identical(self) -> bool:
        """Whether nothing differs."""
        return not (self.differ or self.changed or self.missing)


def read_lock(text: str) -> Lock:
    """dvc.lock from its text. UserError if it is no YAML, as after a merge."""
    lock: Lock = read_yaml(text, str(paths.LOCK)) or {}
    return lock


def committed_lock() -> Lock:
    """The dvc.lock of the last commit. UserError, its reason alone, if there is none."""
    try:
        shown = subprocess.run(["git", "show", f"HEAD:./{paths.LOCK}"], capture_output=True, check=False)
    except FileNotFoundError:
        raise UserError("git is not installed, so there is no committed one to compare with") from None
    if shown.returncode:
        raise UserError("no committed one to compare with")
    return read_lock(shown.stdout.decode())


def dvc_md5(path: Path) -> str:
    """The hash by which dvc.lock knows a file, or a folder with everything in it."""
    # Here and not above: most who compare locks hash nothing.
    from dvc_data.hashfile.build import build
    from dvc_data.hashfile.db import HashFileDB
    from dvc_objects.fs.local import LocalFileSystem

    files = LocalFileSystem()
    # Only looked at: nothing is stored.
    _, _, found = build(HashFileDB(files, str(path)), str(path.absolute()), files, "md5", dry_run=True)
    return str(found.hash_info.value)


def compare_locks(committed: Lock, working: Lock) -> Comparison:
    """Which stages have other outputs than the committed ones, and whether params.yaml is why."""
    before, after = (dict(lock.get("stages") or {}) for lock in (committed, working))
    changed = {name for name in after if name not in before or _told(after[name]) != _told(before[name])}
    while fed := {name for name in after if name not in changed and _feeds(after, changed, name)}:
        changed |= fed
    other = {name for name in after if name not in before or _hashes(after[name]) != _hashes(before[name])}
    return Comparison(
        outputs=sum(len(_hashes(stage)) for stage in before.values()),
        differ=[name for name in before if name in other - changed],
        changed=[name for name in after if name in other & changed],
        missing=[name for name in before if name not in after],
    )


def _told(stage: Mapping[str, Any]) -> Any:
    """What params.yaml told the stage."""
    return stage.get("params") or {}, settings_of(stage)


def settings_of(stage: Mapping[str, Any]) -> dict[str, str]:
    """The hash of the settings that the stage had, by the file that held them."""
    files = {dep["path"]: dep.get("md5") for dep in stage.get("deps") or ()}
    return {
        path: hash_
        for path, hash_ in files.items()
        if path.startswith(f"{paths.CODE}/") and path.endswith(".json")
    }


def _hashes(stage: Mapping[str, Any]) -> dict[str, str]:
    """The stage's outputs by path."""
    return {out["path"]: out.get("md5") for out in stage.get("outs") or ()}


def _feeds(stages: Mapping[str, Any], changed: Iterable[str], name: str) -> bool:
    """Whether the stage depends on an output of any of the `changed`."""
    # The folder of settings feeds all; which of its files changed has been looked at one by one.
    outs = {PurePosixPath(path) for other in changed for path in _hashes(stages[other])}
    outs.discard(PurePosixPath(paths.CODE))
    deps = [PurePosixPath(dep["path"]) for dep in stages[name].get("deps") or ()]
    return any(out.is_relative_to(dep) or dep.is_relative_to(out) for out in outs for dep in deps)
