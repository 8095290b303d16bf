"""Clearing away what is left of cells that params.yaml no longer names."""

import re
import shutil
from pathlib import Path

from ganstudy.results import paths
from ganstudy.study.params import Params


def remove_stale(params: Params) -> None:
    """Remove their folders, so that a parent folder's hash is what a fresh clone would get, and their
    entries in dvc.lock, which DVC itself keeps for ever."""
    for home in (paths.RUNS, paths.JUDGED, paths.METRICS_FOLDER):
        for cell in list(home.glob("*/*")):
            if cell.parent.name not in params.variants or cell.stem not in params.losses:
                _remove(cell)
        for variant in list(home.glob("*")):
            if not variant.is_dir() or not any(variant.iterdir()):
                _remove(variant)
    for home in (paths.PREPARED, paths.CLASSIFIERS, paths.FLOORS):
        for variant in list(home.glob("*")):
            if variant.stem not in params.variants:
                _remove(variant)
    if paths.LOCK.is_file():
        text = paths.LOCK.read_text(encoding="utf-8")
        if (pruned := prune(text, params)) != text:
            paths.LOCK.write_text(pruned, encoding="utf-8")


# A stage's entry: its name indented by two, then everything indented further.
ENTRY = re.compile(r"^  (?P<stage>\w+)(@(?P<item>[a-z0-9_-]+))?:\n(?:   .*\n|  -.*\n)+", re.MULTILINE)


def prune(lock: str, params: Params) -> str:
    """The text of dvc.lock without the stages of other cells. What remains keeps its bytes: DVC reads the
    file again before it adds an entry."""
    items = {*params.variants, *(f"{cell.variant}-{cell.loss}" for cell in params.cells)}
    return ENTRY.sub(lambda entry: entry[0] if entry["item"] is None or entry["item"] in items else "", lock)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
