"""Was the committed result reproduced? Cells trained again, beside the study, and compared file by file."""

from collections.abc import Iterator, Sequence
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from dvc_data.hashfile.build import build
from dvc_data.hashfile.db import HashFileDB
from dvc_objects.fs.local import LocalFileSystem
from ruamel.yaml import YAML
from safetensors.numpy import load_file

from ganstudy import layout, own
from ganstudy.lock import Lock
from ganstudy.params import Cell, Params, UserError
from ganstudy.params.loading import FILE
from ganstudy.stages.prepare import prepare
from ganstudy.stages.train import train


class Verified(NamedTuple):
    """One output, made again."""

    output: str
    same: bool
    difference: float | None
    """The largest between two numbers of the committed output and of this one; None where they are the same,
    or where the committed output is not at hand."""


def verify(params: Params, cells: Sequence[Cell], lock: Lock) -> Iterator[Verified]:
    """Prepare the cells' data and train them in a temporary folder, and compare each output with `lock`.

    UserError before anything runs if the lock lacks a cell, or has it with other settings.
    """
    expected = [_expected(lock, "train", f"{cell.variant}-{cell.loss}") for cell in cells]
    data = {cell.variant: _expected(lock, "prepare", cell.variant) for cell in cells}
    study = Path.cwd()
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        (scratch / "data").mkdir()
        for given in (own.HOME, Path("data/raw")):
            (scratch / given).symlink_to(study / given)
        for variant, digest in data.items():
            with chdir(scratch):
                prepare(params, variant)
            yield _compared(layout.prepared(variant), digest, scratch)
        for cell, digest in zip(cells, expected, strict=True):
            with chdir(scratch):
                train(params, cell.variant, cell.loss)
            yield _compared(layout.runs(cell.variant, cell.loss), digest, scratch)


def dvc_md5(path: Path) -> str:
    """The hash by which dvc.lock knows a file, or a folder with everything in it."""
    files = LocalFileSystem()
    # Only looked at: nothing is stored.
    _, _, found = build(HashFileDB(files, str(path)), str(path.absolute()), files, "md5", dry_run=True)
    return str(found.hash_info.value)


def _expected(lock: Lock, stage: str, item: str) -> str:
    """The hash of the stage's output."""
    name = f"{stage}@{item}"
    found = (lock.get("stages") or {}).get(name)
    if found is None:
        raise UserError(f"{name}: not in the committed {layout.LOCK}; run `dvc repro` and commit its result")
    settings = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    for place, committed in found["params"][str(FILE)].items():
        if _at(settings, place) != committed:
            raise UserError(f"{FILE}: {place}: not as it was when {name} was committed; `git diff` shows how")
    return str(found["outs"][0]["md5"])


def _at(settings: Any, place: str) -> Any:
    for key in place.split("."):
        settings = settings.get(key)
    return settings


def _compared(output: Path, expected: str, scratch: Path) -> Verified:
    again = scratch / output
    if dvc_md5(again) == expected:
        return Verified(str(output), True, None)
    at_hand = output.is_dir() and dvc_md5(output) == expected
    return Verified(str(output), False, _difference(output, again) if at_hand else None)


def _difference(one: Path, other: Path) -> float:
    """The largest between two numbers at the same place; infinite where shapes differ or only one is NaN."""
    before, after = _numbers(one), _numbers(other)
    largest = 0.0
    for name in before.keys() | after.keys():
        a, b = before.get(name, np.empty(0)), after.get(name, np.empty(0))
        if a.shape != b.shape or (np.isnan(a) != np.isnan(b)).any():
            return float("inf")
        largest = max(largest, float(np.nanmax(np.abs(a - b), initial=0.0)))
    return largest


def _numbers(folder: Path) -> dict[str, np.ndarray]:
    """All that a stage wrote in arrays, by name."""
    found = {path.name: np.load(path, allow_pickle=False) for path in folder.glob("*.npy")}
    for path in folder.glob("*.safetensors"):
        found |= load_file(path)
    for path in folder.glob("*.parquet"):
        found[path.name] = pd.read_parquet(path).to_numpy()
    return {name: values.astype(np.float64) for name, values in found.items()}
